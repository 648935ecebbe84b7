using WebRtcCore.Primitives;
using WebRtcCore.Rtp;
using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore;

/// <summary>
/// Forwards one of the simulcast layers that a receiver gets to one sender, of the same connection or another, and changes over to another layer where a key frame
/// of it begins: what a server does for each viewer. The viewer sees one stream without a gap in packet numbers, times and picture numbers (VP8, VP9).
/// </summary>
/// <remarks>
/// Key frames are asked for: of a layer that is to come, at most twice a second until one arrives, and of the present layer when the viewer wants one. Whether the
/// viewer's bandwidth is enough is for the application to decide: <see cref="RtpSender.TargetBitrateBps"/>. AV1 goes by its sequence headers; its dependency
/// descriptor, which is not negotiated unless it is put into the capabilities, is not rewritten.
/// </remarks>
public sealed class SimulcastForwarder : IDisposable
{
    private static readonly TimeSpan RequestInterval = TimeSpan.FromMilliseconds(500);

    private readonly RtpReceiver _source;
    private readonly RtpSender _destination;
    private volatile string? _target;
    private volatile string? _current;
    private Ssrc _currentSsrc;
    private Instant? _lastRequest;

    /// <summary>Begins with no layer: set <see cref="TargetRid"/>.</summary>
    /// <param name="source">What receives the layers.</param>
    /// <param name="destination">What sends one of them on.</param>
    public SimulcastForwarder(RtpReceiver source, RtpSender destination)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        _source = source;
        _destination = destination;
        destination.KeyFrameRequested += OnKeyFrameRequested;
    }

    /// <summary>
    /// The layer that is wanted; until a key frame of it begins, the one before goes on. <see langword="null"/>, as it is at first, forwards nothing. From any thread.
    /// </summary>
    public string? TargetRid
    {
        get => _target;
        set
        {
            _target = value;
            if (value is null)
            {
                _current = null;
            }
            else if (value != _current)
            {
                _source.RequestKeyFrame(value);
            }
        }
    }

    /// <summary>The layer that is being forwarded, or <see langword="null"/> before the first.</summary>
    public string? CurrentRid => _current;

    /// <summary>
    /// Another layer is being forwarded from this packet on. Raised by <see cref="Forward"/>, on its thread: return soon, do not block.
    /// </summary>
    public event EventHandler? CurrentRidChanged;

    /// <summary>Takes a packet of the source, and forwards it if it is of the layer. To be called in <see cref="RtpReceiver.PacketReceived"/> with every packet.</summary>
    /// <param name="packet">The packet, <em>borrowed</em> for the call.</param>
    public void Forward(in RtpPacketView packet)
    {
        var rid = _source.FindRid(packet.Ssrc);
        var target = _target;
        if (rid is null || target is null)
        {
            return;
        }

        // A source that begins anew, with another SSRC, has to show a key frame too.
        if (rid == target && (rid != _current || packet.Ssrc != _currentSsrc) && !TryChangeOver(packet, rid))
        {
            return;
        }

        if (packet.Ssrc == _currentSsrc && rid == _current)
        {
            _destination.Forward(_source, packet);
        }
    }

    /// <summary>Ends it: nothing is forwarded or asked for any more.</summary>
    public void Dispose()
    {
        _target = null;
        _destination.KeyFrameRequested -= OnKeyFrameRequested;
    }

    private bool TryChangeOver(in RtpPacketView packet, string rid)
    {
        if (_source.FindMimeType(packet.PayloadType) is not { } mimeType || !RtpPayloadFormats.StartsKeyFrame(mimeType, packet.Payload))
        {
            var now = _source.Now;
            if (_lastRequest is not { } last || now - last >= RequestInterval)
            {
                _lastRequest = now;
                _source.RequestKeyFrame(rid);
            }

            return false;
        }

        _current = rid;
        _currentSsrc = packet.Ssrc;
        _lastRequest = null;
        CurrentRidChanged?.Invoke(this, EventArgs.Empty);
        return true;
    }

    private void OnKeyFrameRequested(object? sender, KeyFrameRequestEventArgs e)
    {
        if ((_current ?? _target) is { } rid)
        {
            _source.RequestKeyFrame(rid);
        }
    }
}
