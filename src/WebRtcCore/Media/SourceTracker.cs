using WebRtcCore.Primitives;
using WebRtcCore.Rtp;
using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Transport;

namespace WebRtcCore;

/// <summary>
/// Whose media has come in of late, and how loud it was, as the header extensions of the packets say (RFC 6464, 6465). Packets are taken in on the loop and cost no
/// allocation; asking is for any thread.
/// </summary>
internal sealed class SourceTracker
{
    /// <summary>The most sources kept; beyond it the one that has been silent for longest goes.</summary>
    public const int Capacity = 64;

    // RFC 6464 3: this level stands for silence.
    private const byte Silence = 127;

    // W3C webrtc 5.3: what has come in during the last 10 seconds.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];

    /// <summary>Takes in a packet.</summary>
    /// <param name="packet">The packet, borrowed.</param>
    /// <param name="extensions">What its identifiers mean.</param>
    /// <param name="now">The time.</param>
    public void OnPacket(in RtpPacketView packet, RtpHeaderExtensionMap extensions, Instant now)
    {
        byte? level = null;
        bool? hasVoice = null;
        if (extensions.GetId(RtpHeaderExtensionKind.AudioLevel) is var id and not 0 && packet.TryGetExtension(id, out var value) && AudioLevel.TryParse(value, out var own))
        {
            level = own.Level;
            hasVoice = own.HasVoice;
        }

        lock (_gate)
        {
            Set(new Entry(packet.Ssrc, false, now, packet.TimestampTicks, level, hasVoice));
            if (packet.CsrcCount > 0)
            {
                AddContributors(packet, extensions, now);
            }
        }
    }

    /// <summary>The streams of the last 10 s, the latest first.</summary>
    public IReadOnlyList<RtpSynchronizationSource> GetSynchronizationSources(MonotonicClock clock) =>
    [
        .. Take(false, clock.Now).Select(entry => new RtpSynchronizationSource
        {
            Timestamp = clock.ToWallClock(entry.Time),
            Source = entry.Source.Value,
            AudioLevel = ToLinear(entry.Level),
            VoiceActivityFlag = entry.HasVoice,
            RtpTimestamp = entry.TimestampTicks,
        }),
    ];

    /// <summary>Those who were mixed into them, the latest first.</summary>
    public IReadOnlyList<RtpContributingSource> GetContributingSources(MonotonicClock clock) =>
    [
        .. Take(true, clock.Now).Select(entry => new RtpContributingSource
        {
            Timestamp = clock.ToWallClock(entry.Time),
            Source = entry.Source.Value,
            AudioLevel = ToLinear(entry.Level),
            RtpTimestamp = entry.TimestampTicks,
        }),
    ];

    private void AddContributors(in RtpPacketView packet, RtpHeaderExtensionMap extensions, Instant now)
    {
        CsrcAudioLevels levels = default;
        if (extensions.GetId(RtpHeaderExtensionKind.CsrcAudioLevel) is var id and not 0 && packet.TryGetExtension(id, out var value))
        {
            CsrcAudioLevels.TryParse(value, packet.CsrcCount, out levels);
        }

        for (var i = 0; i < packet.CsrcCount; i++)
        {
            Set(new Entry(packet.GetCsrc(i), true, now, packet.TimestampTicks, i < levels.Count ? levels[i] : null, null));
        }
    }

    private void Set(in Entry entry)
    {
        var oldest = 0;
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Source == entry.Source && _entries[i].IsContributor == entry.IsContributor)
            {
                _entries[i] = entry;
                return;
            }

            oldest = _entries[i].Time < _entries[oldest].Time ? i : oldest;
        }

        if (_entries.Count < Capacity)
        {
            _entries.Add(entry);
        }
        else
        {
            _entries[oldest] = entry;
        }
    }

    private Entry[] Take(bool areContributors, Instant now)
    {
        lock (_gate)
        {
            return [.. _entries.Where(entry => entry.IsContributor == areContributors && now - entry.Time <= Memory).OrderByDescending(entry => entry.Time.Ticks)];
        }
    }

    private static double? ToLinear(byte? level) => level switch
    {
        null => null,
        Silence => 0,
        { } decibels => Math.Pow(10, -decibels / 20.0),
    };

    private readonly record struct Entry(Ssrc Source, bool IsContributor, Instant Time, uint TimestampTicks, byte? Level, bool? HasVoice);
}
