using System.Collections.Concurrent;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport.Sharing;

/// <summary>
/// Which connection a remote address belongs to on one shared port. An address that nobody has goes to whoever's peer was heard there with the right
/// password. One that has an owner moves only to a connection whose peer has answered there, which nobody can do who only forges its source; or where the
/// owner has not been heard for a while. Any thread may call it; looking up takes no lock.
/// </summary>
/// <typeparam name="TOwner">A connection.</typeparam>
internal sealed class RemoteAddressTable<TOwner>(TimeProvider timeProvider)
    where TOwner : class
{
    /// <summary>How long an owner may be silent on an address before another connection, whose peer is heard there, gets it without further proof.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<TransportAddress, Claim> _claims = new();

    /// <summary>Addresses that have an owner.</summary>
    public int Count => _claims.Count;

    /// <summary>The owner of an address, or <see langword="null"/>.</summary>
    public TOwner? Find(in TransportAddress remote) => _claims.TryGetValue(remote, out var claim) ? claim.Owner : null;

    /// <summary>Says that the peer of <paramref name="owner"/> has been heard on an address.</summary>
    /// <param name="remote">The address.</param>
    /// <param name="owner">The connection.</param>
    /// <param name="isProved">Whether the peer has answered there.</param>
    /// <returns>Whether the address is the connection's now.</returns>
    public bool TryClaim(in TransportAddress remote, TOwner owner, bool isProved)
    {
        var now = timeProvider.GetTimestamp();
        while (true)
        {
            if (!_claims.TryGetValue(remote, out var present))
            {
                if (_claims.TryAdd(remote, new Claim(owner) { HeardAt = now }))
                {
                    return true;
                }

                continue;
            }

            if (ReferenceEquals(present.Owner, owner))
            {
                present.HeardAt = now;
                return true;
            }

            if (!isProved && timeProvider.GetElapsedTime(present.HeardAt, now) < SilenceLimit)
            {
                return false;
            }

            if (_claims.TryUpdate(remote, new Claim(owner) { HeardAt = now }, present))
            {
                return true;
            }
        }
    }

    /// <summary>Gives an address up, if it still is the connection's.</summary>
    public void Release(in TransportAddress remote, TOwner owner)
    {
        if (_claims.TryGetValue(remote, out var present) && ReferenceEquals(present.Owner, owner))
        {
            _claims.TryRemove(new KeyValuePair<TransportAddress, Claim>(remote, present));
        }
    }

    private sealed class Claim(TOwner owner)
    {
        private long _heardAt;

        public TOwner Owner { get; } = owner;

        public long HeardAt
        {
            get => Volatile.Read(ref _heardAt);
            set => Volatile.Write(ref _heardAt, value);
        }
    }
}
