using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Control;
using WebRtcCore.Sctp.Handshake;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Transfer;

/// <summary>What goes into a packet, and in which order: the cookie first, then the SACK, then the rest of control, then data (RFC 9260, 6.10).</summary>
internal sealed class PacketComposer
{
    private readonly HandshakeSequence _handshake;
    private readonly ShutdownSequence _shutdown;
    private readonly ControlQueue _control;
    private readonly DataTransfer _transfer;

    /// <summary>Creates the composer of an association.</summary>
    public PacketComposer(HandshakeSequence handshake, ShutdownSequence shutdown, ControlQueue control, DataTransfer transfer)
    {
        _handshake = handshake;
        _shutdown = shutdown;
        _control = control;
        _transfer = transfer;
    }

    /// <summary>Whether data is taken and acknowledged in a state.</summary>
    public static bool CanTransferData(SctpAssociationState state) => state is SctpAssociationState.Established or SctpAssociationState.ShutdownPending
        or SctpAssociationState.ShutdownSent or SctpAssociationState.ShutdownReceived;

    /// <summary>Adds the chunks that are due; none if there is nothing to say.</summary>
    public void Write(ref PacketWriter packet, SctpAssociationState state, Instant now)
    {
        if (state == SctpAssociationState.CookieEchoed)
        {
            if (_handshake.TryWriteCookieEcho(ref packet))
            {
                _transfer.WriteData(ref packet, now);
            }

            return;
        }

        _handshake.WriteCookieAck(ref packet);
        _transfer.AdvanceReset(now);
        var hasData = CanTransferData(state) && state != SctpAssociationState.ShutdownSent && _transfer.CanWriteData(now);
        _transfer.WriteSack(ref packet, goesAlong: hasData || _control.HasBundled);
        _shutdown.Write(ref packet, state, _transfer.Cumulative);
        _control.Write(ref packet);
        if (hasData)
        {
            _transfer.WriteData(ref packet, now);
        }
    }
}
