using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>
/// The generations of an agent that are alive (RFC 8445, 9): the present one, and after a restart the one before, which carries data and answers
/// until its successor has a path.
/// </summary>
internal sealed class CheckGenerations(CheckContext context, IceCredentials first) : IDisposable
{
    /// <summary>The generation that was signalled last.</summary>
    public ConnectivityChecks Current { get; private set; } = new(context, first);

    /// <summary>The one before, as long as it is of use.</summary>
    public ConnectivityChecks? Previous { get; private set; }

    /// <summary>The pair that carries data, or null.</summary>
    public CandidatePair? PairInUse => Current.Selected ?? Previous?.Selected;

    public Instant? NextTimeout => Instant.Earliest(Current.NextTimeout, Previous?.NextTimeout);

    /// <summary>Begins another generation. What carries data stays until its successor does; what never worked, or is overtaken, ends here.</summary>
    /// <param name="local">The new credentials.</param>
    /// <param name="hasFailed">Whether the agent has failed: then nothing is kept.</param>
    public void Begin(IceCredentials local, bool hasFailed)
    {
        if (!hasFailed && Current.Selected is not null)
        {
            Previous?.Dispose();
            Previous = Current;
            Previous.Retire();
        }
        else
        {
            Current.Dispose();
        }

        Log.Restarted(context.Logger);
        Current = new ConnectivityChecks(context, local);
    }

    /// <summary>Goes back to the generation before; false if the peer has answered the restart, or nothing worked before it.</summary>
    public bool TryUndo()
    {
        if (Previous is null || Current.IsStarted)
        {
            return false;
        }

        Current.Dispose();
        Current = Previous;
        Previous = null;
        Current.Resume();
        return true;
    }

    /// <summary>The generation that a request's USERNAME names, or null.</summary>
    public ConnectivityChecks? Find(ReadOnlySpan<byte> username)
    {
        if (Current.Credentials.IsForUs(username))
        {
            return Current;
        }

        return Previous is { } previous && previous.Credentials.IsForUs(username) ? previous : null;
    }

    /// <summary>Takes a response, if it is to a request of one of the generations.</summary>
    public bool TryHandleResponse(scoped in StunMessageView response, in NetworkPath path, Instant now) =>
        Current.TryHandleResponse(response, path, now) || (Previous?.TryHandleResponse(response, path, now) ?? false);

    /// <summary>Whether the peer has proved to be on a path.</summary>
    public bool IsValidated(in NetworkPath path) => Current.IsValidated(path) || (Previous?.IsValidated(path) ?? false);

    /// <summary>Whether the peer has answered a check on a path.</summary>
    public bool IsAnswered(in NetworkPath path) => Current.IsAnswered(path) || (Previous?.IsAnswered(path) ?? false);

    /// <summary>Does what is due and decides anew.</summary>
    public void Run(Instant now)
    {
        Previous?.Run(now);
        Current.Run(now);
        EndPrevious();
    }

    /// <summary>A socket is gone.</summary>
    public void RemoveLocal(TransportAddress local, TransportProtocol protocol, Instant now)
    {
        Current.RemoveLocal(local, protocol, now);
        Previous?.RemoveLocal(local, protocol, now);
    }

    /// <summary>Fails the pairs from a relayed address that is gone, or those of one peer that the relay does not let through.</summary>
    public void FailRelayed(TransportAddress local, TransportAddress? peer)
    {
        Current.FailRelayed(local, peer);
        Previous?.FailRelayed(local, peer);
    }

    /// <summary>Acts on a TCP connection that has ended.</summary>
    public void OnStreamLost(in NetworkPath path)
    {
        Current.OnStreamLost(path);
        Previous?.OnStreamLost(path);
    }

    public void Dispose()
    {
        Current.Dispose();
        Previous?.Dispose();
    }

    private void EndPrevious()
    {
        if (Previous is not { } previous || (Current.Selected is not { IsNominated: true } && previous.Selected is not null))
        {
            return;
        }

        // RFC 8445 9: from here on the old credentials are void. If the old path died first, its end is not the end of the new checks.
        foreach (var pair in previous.List.Pairs)
        {
            if (pair.IsStream && !Current.List.TryGet(pair.Path, out _))
            {
                context.Tcp.Close(pair.Path);
            }
        }

        previous.Dispose();
        Previous = null;
    }
}
