using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Control;
using WebRtcCore.Sctp.Handshake;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Send;

namespace WebRtcCore.Sctp.Transfer;

/// <summary>
/// Which packet goes next, how large it may be, and what goes into it in which order: the cookie first, then the SACK, then the rest of control, then data (RFC 9260, 6.10).
/// </summary>
internal sealed class PacketComposer
{
    private readonly SctpOptions _options;
    private readonly HandshakeSequence _handshake;
    private readonly ShutdownSequence _shutdown;
    private readonly ControlQueue _control;
    private readonly DataTransfer _transfer;

    /// <summary>Creates the composer of an association.</summary>
    public PacketComposer(SctpOptions options, HandshakeSequence handshake, ShutdownSequence shutdown, ControlQueue control, DataTransfer transfer)
    {
        _options = options;
        _handshake = handshake;
        _shutdown = shutdown;
        _control = control;
        _transfer = transfer;
    }

    private PathMtuDiscovery Path => _transfer.Path;

    /// <summary>Whether data is taken and acknowledged in a state.</summary>
    public static bool CanTransferData(SctpAssociationState state) => state is SctpAssociationState.Established or SctpAssociationState.ShutdownPending
        or SctpAssociationState.ShutdownSent or SctpAssociationState.ShutdownReceived;

    /// <summary>Writes the next packet.</summary>
    public bool TryWrite(Span<byte> destination, SctpAssociationState state, Instant now, out Transmit transmit)
    {
        transmit = default;
        var most = Padding.RoundDown(destination.Length);
        var room = destination[..Math.Min(Path.PacketSize, most)];
        if (_control.TryWriteAlone(room, _options.LocalPort, _options.RemotePort, out var length))
        {
            transmit = new Transmit(length);
            return true;
        }

        if (state is SctpAssociationState.New or SctpAssociationState.CookieWait or SctpAssociationState.Closed)
        {
            return false;
        }

        if (CanTransferData(state) && (TryWriteProbe(destination[..most], state, now, out transmit) || TryWriteOversize(destination[..most], state, now, out transmit)))
        {
            return true;
        }

        var packet = Begin(room);
        Write(ref packet, state, now);
        if (packet.IsEmpty)
        {
            return false;
        }

        transmit = new Transmit(Complete(packet, state)) { Kind = Path.MayBeCut ? TransmitKind.MayFragment : TransmitKind.Normal };
        return true;
    }

    // RFC 8899 6.2.1.2: HEARTBEAT and PAD, nothing else: what a probe loses must not matter.
    private bool TryWriteProbe(Span<byte> destination, SctpAssociationState state, Instant now, out Transmit transmit)
    {
        transmit = default;
        while (Path.IsProbeDue)
        {
            if (Path.ProbeSize > destination.Length)
            {
                Path.OnTooLarge(isProbe: true, now);
                continue;
            }

            var packet = Begin(destination[..Path.ProbeSize]);
            Path.WriteProbe(ref packet, _transfer.Rtt.Timeout, now);
            transmit = new Transmit(Complete(packet, state)) { Kind = TransmitKind.Probe };
            return true;
        }

        return false;
    }

    private bool TryWriteOversize(Span<byte> destination, SctpAssociationState state, Instant now, out Transmit transmit)
    {
        transmit = default;
        if (state == SctpAssociationState.ShutdownSent || !_transfer.TryPeekOversize(now, out var size) || size > destination.Length)
        {
            return false;
        }

        var packet = Begin(destination[..size]);
        _transfer.WriteData(ref packet, now);
        transmit = packet.IsEmpty ? default : new Transmit(Complete(packet, state)) { Kind = TransmitKind.MayFragment };
        return !packet.IsEmpty;
    }

    private PacketWriter Begin(Span<byte> room) => new(room, new CommonHeader(_options.LocalPort, _options.RemotePort, _handshake.Identity.PeerTag));

    private int Complete(in PacketWriter packet, SctpAssociationState state) => packet.Complete(_handshake.Identity.MayLeaveChecksumOut(state));

    // Adds the chunks that are due; none if there is nothing to say.
    private void Write(ref PacketWriter packet, SctpAssociationState state, Instant now)
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
