using System.Text;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>The credentials of both sides in one generation (between two restarts), with their keys made ready.</summary>
internal sealed class GenerationCredentials(IceCredentials local) : IDisposable
{
    private readonly byte[] _localUsernamePrefix = Encoding.UTF8.GetBytes(local.UsernameFragment + ":");
    private byte[] _remoteUsernameFragment = [];

    public IceCredentials Local { get; } = local;

    /// <summary>Verifies incoming requests and signs the responses to them.</summary>
    public StunIntegrityKey LocalKey { get; } = StunIntegrityKey.FromPassword(local.Password);

    public IceCredentials? Remote { get; private set; }

    /// <summary>Signs outgoing requests and verifies the responses to them.</summary>
    public StunIntegrityKey? RemoteKey { get; private set; }

    /// <summary>The USERNAME of outgoing requests: <c>remote:local</c> (RFC 8445, 7.2.2).</summary>
    public byte[] OutgoingUsername { get; private set; } = [];

    public bool IsDisposed { get; private set; }

    public void SetRemote(IceCredentials remote)
    {
        RemoteKey?.Dispose();
        Remote = remote;
        RemoteKey = StunIntegrityKey.FromPassword(remote.Password);
        OutgoingUsername = Encoding.UTF8.GetBytes($"{remote.UsernameFragment}:{Local.UsernameFragment}");
        _remoteUsernameFragment = Encoding.UTF8.GetBytes(remote.UsernameFragment);
    }

    /// <summary>Whether an incoming USERNAME, <c>local:remote</c>, is meant for this generation (RFC 8445, 7.3).</summary>
    public bool IsForUs(ReadOnlySpan<byte> username) => username.StartsWith(_localUsernamePrefix);

    /// <summary>Whether a USERNAME that is for us comes from the generation of the peer that is known here, if one is.</summary>
    public bool IsFromKnownPeer(ReadOnlySpan<byte> username) =>
        Remote is null || username[_localUsernamePrefix.Length..].SequenceEqual(_remoteUsernameFragment);

    public void Dispose()
    {
        IsDisposed = true;
        LocalKey.Dispose();
        RemoteKey?.Dispose();
    }
}
