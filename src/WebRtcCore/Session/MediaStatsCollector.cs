using WebRtcCore.Primitives;
using WebRtcCore.Rtp;
using WebRtcCore.Rtp.Frames;
using WebRtcCore.Session.Negotiation;
using WebRtcCore.Transport;

namespace WebRtcCore.Session;

/// <summary>The part of a <see cref="StatsReport"/> that is about RTP: streams of both directions, what the peer reports of them, codecs and sources.</summary>
internal sealed class MediaStatsCollector(RtcSession session, MonotonicClock clock, string transportId, Instant now)
{
    private readonly DateTimeOffset _time = clock.ToWallClock(now);

    public void AddTo(List<RtcStats> entries, IReadOnlyList<RtpTransceiver> transceivers)
    {
        foreach (var transceiver in transceivers)
        {
            if (session.Router.Find(transceiver.Receiver) is not { } line)
            {
                continue;
            }

            AddCodecs(entries, line);
            foreach (var stream in session.Router.GetSendStreams(transceiver.Sender))
            {
                AddOutbound(entries, line, stream);
            }

            foreach (var received in session.Rtp.ReceiveStreams.Where(s => s.Receiver.Handle == line.MLineIndex))
            {
                AddInbound(entries, line, received);
            }
        }
    }

    private static string CodecId(NegotiatedMedia line, int payloadType) => $"C{line.MLineIndex}-{payloadType}";

    private void AddCodecs(List<RtcStats> entries, NegotiatedMedia line)
    {
        foreach (var codec in line.SendCodecs.Concat(line.ReceiveCodecs).DistinctBy(codec => codec.PayloadType))
        {
            entries.Add(new CodecStats
            {
                Id = CodecId(line, codec.PayloadType),
                Timestamp = _time,
                PayloadType = codec.PayloadType,
                TransportId = transportId,
                MimeType = codec.MimeType,
                ClockRate = codec.ClockRate,
                Channels = codec.Channels,
                SdpFmtpLine = codec.SdpFmtpLine,
            });
        }
    }

    private void AddOutbound(List<RtcStats> entries, NegotiatedMedia line, RtpSendStream stream)
    {
        var sender = line.Transceiver.Sender;
        var figures = stream.GetStats();
        var id = $"O{stream.Ssrc.Value}";
        var remoteId = $"RI{stream.Ssrc.Value}";
        var sourceId = sender.Track is { } track ? $"S{track.Id}" : null;
        var codecId = line.SendCodecs.Count > 0 ? CodecId(line, line.SendCodecs[0].PayloadType) : null;
        if (sender.Track is { } source && entries.All(entry => entry.Id != sourceId))
        {
            entries.Add(source.Kind == MediaKind.Audio
                ? new AudioSourceStats
                {
                    Id = sourceId!,
                    Timestamp = _time,
                    TrackIdentifier = source.Id,
                    AudioLevel = source.AudioLevel?.Level,
                    TotalAudioEnergy = source.AudioLevel?.TotalEnergy,
                    TotalSamplesDuration = source.AudioLevel?.TotalDuration,
                }
                : new VideoSourceStats
                {
                    Id = sourceId!,
                    Timestamp = _time,
                    TrackIdentifier = source.Id,
                    Frames = source.Pictures > 0 ? source.Pictures : null,
                    Width = source.PictureSize?.Width,
                    Height = source.PictureSize?.Height,
                });
        }

        entries.Add(new OutboundRtpStreamStats
        {
            Id = id,
            Timestamp = _time,
            Ssrc = stream.Ssrc.Value,
            Kind = sender.Kind,
            TransportId = transportId,
            CodecId = codecId,
            Mid = line.Mid,
            MediaSourceId = sourceId,
            RemoteId = figures.ReportsReceived > 0 ? remoteId : null,
            Rid = stream.Options.Rid,
            EncodingIndex = FindEncoding(sender, stream),
            Active = stream.Options.IsActive,
            PacketsSent = figures.PacketsSent,
            BytesSent = figures.BytesSent,
            HeaderBytesSent = figures.HeaderBytesSent,
            RetransmittedPacketsSent = figures.RetransmittedPacketsSent,
            RetransmittedBytesSent = figures.RetransmittedBytesSent,
            RtxSsrc = stream.Options.RetransmissionSsrc?.Value,
            TotalPacketSendDelay = figures.TotalPacketSendDelay,
            TargetBitrateBps = stream.TargetBitrateBps,
            FramesSent = sender.Kind == MediaKind.Video ? figures.FramesSent : null,
            NackCount = figures.NackCount,
            PliCount = sender.Kind == MediaKind.Video ? figures.PliCount : null,
            FirCount = sender.Kind == MediaKind.Video ? figures.FirCount : null,
        });
        if (figures.ReportsReceived > 0)
        {
            entries.Add(new RemoteInboundRtpStreamStats
            {
                Id = remoteId,
                Timestamp = _time,
                Ssrc = stream.Ssrc.Value,
                Kind = sender.Kind,
                TransportId = transportId,
                CodecId = codecId,
                LocalId = id,
                PacketsLost = figures.RemotePacketsLost,
                PacketsReceived = figures.RemotePacketsReceived,
                Jitter = figures.RemoteJitter,
                FractionLost = figures.RemoteFractionLost,
                RoundTripTime = figures.RoundTripTime,
                TotalRoundTripTime = figures.TotalRoundTripTime,
                RoundTripTimeMeasurements = figures.RoundTripTimeMeasurements,
            });
        }
    }

    // Browsers number the encodings of video.
    private static int? FindEncoding(RtpSender sender, RtpSendStream stream)
    {
        var encodings = sender.Encodings;
        for (var i = 0; i < encodings.Count && sender.Kind == MediaKind.Video; i++)
        {
            if (encodings[i].Rid == stream.Options.Rid)
            {
                return i;
            }
        }

        return null;
    }

    private void AddInbound(List<RtcStats> entries, NegotiatedMedia line, RtpReceiveStream stream)
    {
        var receiver = line.Transceiver.Receiver;
        var figures = stream.GetStats();
        var frames = stream.GetFrameStats();
        var isVideo = receiver.Track.Kind == MediaKind.Video;
        var id = $"I{stream.Ssrc.Value}";
        var remoteId = $"RO{stream.Ssrc.Value}";
        var codecId = line.ReceiveCodecs.Count > 0 ? CodecId(line, stream.LastPayloadType?.Value ?? line.ReceiveCodecs[0].PayloadType) : null;
        var reader = receiver.Audio.Current;
        var playout = reader?.GetStats();
        var playoutId = playout is null ? null : $"AP{line.MLineIndex}";
        var inbound = new InboundRtpStreamStats
        {
            Id = id,
            Timestamp = _time,
            Ssrc = stream.Ssrc.Value,
            Kind = receiver.Track.Kind,
            TransportId = transportId,
            CodecId = codecId,
            TrackIdentifier = receiver.Track.Id,
            Mid = line.Mid,
            RemoteId = figures.SenderReportsReceived > 0 ? remoteId : null,
            PlayoutId = playoutId,
            PacketsReceived = figures.PacketsReceived,
            BytesReceived = figures.BytesReceived,
            HeaderBytesReceived = figures.HeaderBytesReceived,
            PacketsLost = figures.PacketsLost,
            Jitter = figures.Jitter,
            PacketsDiscarded = figures.DuplicatesDiscarded + (playout?.PacketsLate ?? 0) + (playout?.PacketsDiscarded ?? 0),
            LastPacketReceivedTimestamp = ToTime(figures.LastPacketReceived),
            RetransmittedPacketsReceived = figures.RetransmittedPacketsReceived,
            RetransmittedBytesReceived = figures.RetransmittedBytesReceived,
            RtxSsrc = stream.RetransmissionSsrc?.Value,
            FecSsrc = stream.FecSsrc?.Value,
            FecPacketsReceived = figures.FecPacketsReceived,
            FecPacketsDiscarded = figures.FecPacketsDiscarded,
            NackCount = figures.NackCount,
            PliCount = isVideo ? figures.PliCount : null,
            FirCount = isVideo ? figures.FirCount : null,
            JitterBufferDelay = playout?.JitterBufferDelay ?? frames?.JitterBufferDelay,
            JitterBufferTargetDelay = playout?.JitterBufferTargetDelay ?? frames?.JitterBufferTargetDelay,
            JitterBufferMinimumDelay = playout?.JitterBufferMinimumDelay ?? frames?.JitterBufferMinimumDelay,
            JitterBufferEmittedCount = playout?.JitterBufferEmittedCount ?? frames?.FramesEmitted,
            AudioLevel = playout?.AudioLevel,
            TotalAudioEnergy = playout?.TotalAudioEnergy,
            TotalSamplesReceived = playout?.TotalSamplesReceived,
            TotalSamplesDuration = playout?.TotalSamplesDuration,
            ConcealedSamples = playout?.ConcealedSamples,
            SilentConcealedSamples = playout?.SilentConcealedSamples,
            ConcealmentEvents = playout?.ConcealmentEvents,
            InsertedSamplesForDeceleration = playout?.InsertedSamplesForDeceleration,
            RemovedSamplesForAcceleration = playout?.RemovedSamplesForAcceleration,
        };
        if (playoutId is not null && entries.All(entry => entry.Id != playoutId))
        {
            entries.Add(ToPlayout(playoutId, reader!));
        }

        entries.Add(isVideo && frames is { } video ? WithFrames(inbound, video, receiver.FramesNotRead) : inbound);
        if (figures.SenderReportsReceived > 0)
        {
            entries.Add(new RemoteOutboundRtpStreamStats
            {
                Id = remoteId,
                Timestamp = ToTime(figures.LastSenderReportReceived) ?? _time,
                Ssrc = stream.Ssrc.Value,
                Kind = receiver.Track.Kind,
                TransportId = transportId,
                CodecId = codecId,
                LocalId = id,
                PacketsSent = figures.RemotePacketsSent,
                BytesSent = figures.RemoteBytesSent,
                RemoteTimestamp = figures.LastSenderReportNtp?.ToDateTimeOffset(),
                ReportsSent = figures.SenderReportsReceived,
                RoundTripTime = figures.RoundTripTime,
                TotalRoundTripTime = figures.TotalRoundTripTime,
                RoundTripTimeMeasurements = figures.RoundTripTimeMeasurements,
            });
        }
    }

    private AudioPlayoutStats ToPlayout(string id, AudioPlayout reader) => new()
    {
        Id = id,
        Timestamp = _time,
        SynthesizedSamplesDuration = reader.Missed,
        SynthesizedSamplesEvents = reader.MissedEvents,
        TotalSamplesDuration = (reader.FramesGiven * TimeSpan.FromMilliseconds(10)) + reader.Missed,
        TotalSamplesCount = reader.FramesGiven * reader.Format.SamplesPer10Ms,
    };

    // The decoder is the application's: a frame counts as decoded when it is handed over.
    private static InboundRtpStreamStats WithFrames(InboundRtpStreamStats inbound, in RtpFrameStats frames, long notRead) => inbound with
    {
        FramesReceived = frames.FramesReceived,
        FramesDecoded = frames.FramesEmitted - notRead,
        KeyFramesDecoded = frames.KeyFramesEmitted,
        FramesDropped = frames.FramesDropped + notRead,
        FramesAssembledFromMultiplePackets = frames.FramesAssembledFromMultiplePackets,
        TotalAssemblyTime = frames.TotalAssemblyTime,
        TotalProcessingDelay = frames.JitterBufferDelay,
        TotalInterFrameDelay = frames.TotalInterFrameDelay,
        TotalSquaredInterFrameDelay = frames.TotalSquaredInterFrameDelay,
        PauseCount = frames.PauseCount,
        TotalPausesDuration = frames.TotalPausesDuration,
        FreezeCount = frames.FreezeCount,
        TotalFreezesDuration = frames.TotalFreezesDuration,
    };

    private DateTimeOffset? ToTime(Instant? instant) => instant is { } i ? clock.ToWallClock(i) : null;
}
