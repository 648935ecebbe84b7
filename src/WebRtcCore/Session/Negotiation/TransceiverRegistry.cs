using WebRtcCore.Primitives;
using WebRtcCore.Rtp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>The transceivers of a connection, in the order of their creation, and the W3C rules of adding and removing tracks (webrtc 5.1).</summary>
internal sealed class TransceiverRegistry(IMediaOperations connection, IRandomSource random, string cname)
{
    private readonly List<RtpTransceiver> _transceivers = [];
    private readonly HashSet<uint> _ssrcs = [];

    internal IReadOnlyList<RtpTransceiver> All => _transceivers;

    /// <summary>W3C <c>addTransceiver</c>.</summary>
    /// <exception cref="ArgumentException">The direction is stopped, or the encodings are malformed.</exception>
    internal RtpTransceiver Add(MediaKind kind, MediaStreamTrack? track, RtpTransceiverOptions options)
    {
        if (options.Direction == RtpTransceiverDirection.Stopped)
        {
            throw new ArgumentException("A transceiver cannot be added as stopped.", nameof(options));
        }

        SendEncodingRules.Check(kind, options.SendEncodings);
        var transceiver = Create(kind, track, options.Direction, options.Streams);
        if (options.SendEncodings.Count > 0)
        {
            transceiver.Sender.Encodings = SendEncodingRules.Complete(kind, options.SendEncodings);
        }

        return transceiver;
    }

    /// <summary>W3C <c>addTrack</c>: takes a transceiver that has never sent and has no track, or makes one.</summary>
    /// <exception cref="RtcException">InvalidAccessError: a sender already has the track.</exception>
    internal RtpSender AddTrack(MediaStreamTrack track, IReadOnlyList<MediaStream> streams)
    {
        if (_transceivers.Any(t => t.Sender.Track == track && !t.IsStopped))
        {
            throw RtcException.InvalidAccess("A sender already has this track.");
        }

        var transceiver = _transceivers.FirstOrDefault(t => t.Sender.Track is null && t.Kind == track.Kind && !t.IsStopping && !t.IsStopped && !t.HasSent);
        if (transceiver is null)
        {
            transceiver = Create(track.Kind, track, RtpTransceiverDirection.SendRecv, streams);
        }
        else
        {
            transceiver.Sender.Track = track;
            transceiver.Sender.StreamIds = ToIds(streams);
            transceiver.PreferredDirection = transceiver.PreferredDirection switch
            {
                RtpTransceiverDirection.RecvOnly => RtpTransceiverDirection.SendRecv,
                RtpTransceiverDirection.Inactive => RtpTransceiverDirection.SendOnly,
                var direction => direction,
            };
        }

        transceiver.CreatedByAddTrack = true;
        return transceiver.Sender;
    }

    /// <summary>W3C <c>removeTrack</c>. Does nothing where there is no track to remove.</summary>
    /// <exception cref="RtcException">InvalidAccessError: the sender is another connection's.</exception>
    internal void RemoveTrack(RtpSender sender)
    {
        if (!_transceivers.Contains(sender.Transceiver))
        {
            // A stopped transceiver has left the list; its sender still is of this connection.
            if (sender.Transceiver.IsStopped)
            {
                return;
            }

            throw RtcException.InvalidAccess("The sender belongs to another connection.");
        }

        var transceiver = sender.Transceiver;
        if (transceiver.IsStopping || sender.Track is null)
        {
            return;
        }

        sender.Track = null;
        transceiver.PreferredDirection = transceiver.PreferredDirection switch
        {
            RtpTransceiverDirection.SendRecv => RtpTransceiverDirection.RecvOnly,
            RtpTransceiverDirection.SendOnly => RtpTransceiverDirection.Inactive,
            var direction => direction,
        };
    }

    /// <summary>A transceiver for a remote m-line that no own one fits (RFC 8829 5.10).</summary>
    internal RtpTransceiver CreateForRemote(MediaKind kind) => Create(kind, null, RtpTransceiverDirection.RecvOnly, []);

    internal RtpTransceiver? FindByMid(string mid) => _transceivers.FirstOrDefault(t => t.Mid == mid);

    internal void Remove(RtpTransceiver transceiver) => _transceivers.Remove(transceiver);

    internal static IReadOnlyList<string> ToIds(IReadOnlyList<MediaStream> streams) => [.. streams.Select(s => s.Id).Distinct(StringComparer.Ordinal)];

    private RtpTransceiver Create(MediaKind kind, MediaStreamTrack? track, RtpTransceiverDirection direction, IReadOnlyList<MediaStream> streams)
    {
        var sender = new RtpSender(connection, kind, track, NextSsrc)
        {
            StreamIds = ToIds(streams),
            Rtcp = new RtcpParameters(cname, ReducedSize: false),
        };
        var receiver = new RtpReceiver(connection, new MediaStreamTrack(kind));
        var transceiver = new RtpTransceiver(connection, kind, sender, receiver, direction);
        _transceivers.Add(transceiver);
        return transceiver;
    }

    // RFC 3550 8: random, and never twice in one session; 0 is left out, as some peers take it for "none".
    private Ssrc NextSsrc()
    {
        uint value;
        do
        {
            value = random.NextUInt32();
        }
        while (value == 0 || !_ssrcs.Add(value));
        return new Ssrc(value);
    }
}
