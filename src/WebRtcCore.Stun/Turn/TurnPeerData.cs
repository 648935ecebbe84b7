using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>The data of an allocation's peers: laid into ChannelData and indications, and found in them (RFC 8656, 11 and 12). Allocates nothing.</summary>
internal sealed class TurnPeerData(TurnPeerTable peers, bool isStream, StunTransactionId indicationId)
{
    private StunTransactionId _indicationId = indicationId;

    /// <summary>Where data for a peer is to lie in the message.</summary>
    public int GetOffset(TransportAddress peer) =>
        peers.TryGet(peer, out var known) && known.IsBound ? TurnChannelData.HeaderLength : TurnIndication.GetDataOffset(peer);

    /// <summary>Wraps data that lies at <see cref="GetOffset"/>; 0 if it may not go to the peer.</summary>
    public int Wrap(Span<byte> message, TransportAddress peer, int dataLength)
    {
        if (!peers.TryGet(peer, out var known) || known.Permission.State != TurnPermission.Phase.Granted)
        {
            return 0;
        }

        if (known.IsBound)
        {
            return TurnChannelData.Complete(message, known.Channel!.Value, dataLength, isStream);
        }

        // Nothing answers an indication, so nobody gains by guessing its id: one random number serves them all, and each counts on from it.
        _indicationId = _indicationId with { Low = _indicationId.Low + 1 };
        return TurnIndication.Complete(message, StunMethod.Send, _indicationId, peer, dataLength);
    }

    /// <summary>Finds the data in ChannelData; false if it is to be dropped.</summary>
    public bool TryReadChannelData(ReadOnlySpan<byte> datagram, Instant now, out TurnReceivedData data)
    {
        data = default;

        // RFC 8656 12.6: data on a channel that is not bound is dropped; so is it once the binding has run out.
        if (!TurnChannelData.TryParse(datagram, out var channel, out var length)
            || !peers.TryGet(channel, out var peer)
            || peer.ChannelExpiresAt < now
            || peer.Permission.State != TurnPermission.Phase.Granted)
        {
            return false;
        }

        data = new TurnReceivedData(TurnChannelData.HeaderLength, length, peer.Address);
        return true;
    }

    /// <summary>Finds the data in a Data indication; false if it is to be dropped.</summary>
    public bool TryReadIndication(ReadOnlySpan<byte> datagram, scoped in StunMessageView message, Instant now, out TurnReceivedData data)
    {
        data = default;

        // RFC 8656 11.4: indications are not authenticated, so what comes from a peer that this client has not asked for is dropped.
        if (!TurnIndication.TryRead(message, out var peer, out var bytes)
            || peers.FindPermission(peer) is not { State: TurnPermission.Phase.Granted } permission
            || permission.ExpiresAt < now
            || !datagram.Overlaps(bytes, out var offset))
        {
            return false;
        }

        data = new TurnReceivedData(offset, bytes.Length, peer);
        return true;
    }
}
