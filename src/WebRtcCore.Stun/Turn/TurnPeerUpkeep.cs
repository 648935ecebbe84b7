using Microsoft.Extensions.Logging;
using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>Keeps the permissions and channels of an allocation alive (RFC 8656, 9 and 12): what the server has granted, and when to ask for it again.</summary>
/// <param name="peers">The peers; shared with the client.</param>
/// <param name="start">Begins a request.</param>
/// <param name="tell">Queues an event of the client.</param>
/// <param name="logger">Where messages go.</param>
internal sealed class TurnPeerUpkeep(TurnPeerTable peers, Action<TurnRequest, Instant> start, Action<TurnClientEvent> tell, ILogger logger)
{
    private static readonly TimeSpan PermissionLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ChannelLifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RefreshMargin = TimeSpan.FromMinutes(1);

    /// <summary>When to call <see cref="HandleTimeout"/>.</summary>
    public Instant? Next { get; private set; }

    /// <summary>The server has granted a permission.</summary>
    public void OnPermitted(TurnPeer peer, Instant now)
    {
        var isNew = peer.Permission.State != TurnPermission.Phase.Granted;
        Permit(peer.Permission, now);
        if (isNew)
        {
            tell(new TurnClientEvent(TurnClientEventKind.PermissionGranted, peer.Address));
        }
    }

    /// <summary>The server has bound a channel.</summary>
    public void OnBound(TurnPeer peer, Instant now)
    {
        // RFC 8656 12: binding a channel installs or refreshes the permission too.
        OnPermitted(peer, now);
        var isNew = !peer.IsBound;
        peer.IsBound = true;
        peer.ChannelExpiresAt = now + ChannelLifetime;
        peer.RebindAt = peer.ChannelExpiresAt - RefreshMargin;
        UpdateNext();
        if (isNew)
        {
            tell(new TurnClientEvent(TurnClientEventKind.ChannelBound, peer.Address));
        }
    }

    /// <summary>
    /// The server has refused or not answered. A refresh that gets no answer is asked for again: it has a minute left. A channel that the server will not bind is
    /// done without.
    /// </summary>
    public void OnFailed(TurnRequest request, TurnError error, Instant now)
    {
        var peer = request.Peer!;
        if (request.Method == StunMethod.ChannelBind)
        {
            peer.RebindAt = null;
            if (error.Kind == TurnErrorKind.Timeout && peer.IsBound && peer.ChannelExpiresAt > now)
            {
                start(request, now);
            }
            else
            {
                peer.IsBound = false;
            }
        }
        else if (error.Kind == TurnErrorKind.Timeout && peer.Permission.State == TurnPermission.Phase.Granted && peer.Permission.ExpiresAt > now)
        {
            start(request, now);
        }
        else
        {
            Log.TurnPermissionRefused(logger, error.Kind);
            peer.Permission.State = TurnPermission.Phase.Refused;
            peer.Permission.RefreshAt = null;
            tell(new TurnClientEvent(TurnClientEventKind.PermissionRefused, peer.Address, error));
        }

        UpdateNext();
    }

    /// <summary>Asks again for what is about to end.</summary>
    public void HandleTimeout(Instant now)
    {
        foreach (var peer in peers.Peers)
        {
            if (peer.Permission.RefreshAt <= now)
            {
                peer.Permission.RefreshAt = null;
                start(new TurnRequest(StunMethod.CreatePermission, peer), now);
            }

            if (peer.RebindAt <= now)
            {
                peer.RebindAt = null;
                start(new TurnRequest(StunMethod.ChannelBind, peer), now);
            }
        }

        UpdateNext();
    }

    /// <summary>Forgets all peers.</summary>
    public void Clear()
    {
        peers.Clear();
        Next = null;
    }

    private void Permit(TurnPermission permission, Instant now)
    {
        permission.State = TurnPermission.Phase.Granted;
        permission.ExpiresAt = now + PermissionLifetime;
        permission.RefreshAt = permission.ExpiresAt - RefreshMargin;
        UpdateNext();
    }

    private void UpdateNext()
    {
        Next = null;
        foreach (var peer in peers.Peers)
        {
            Next = Instant.Earliest(Next, Instant.Earliest(peer.Permission.RefreshAt, peer.RebindAt));
        }
    }
}
