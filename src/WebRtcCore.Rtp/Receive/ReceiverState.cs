using System.Text;

namespace WebRtcCore.Rtp.Receive;

/// <summary>A receiver's options, prepared for looking up, and the streams that belong to it.</summary>
internal sealed class ReceiverState
{
    private readonly byte[] _mid;

    public ReceiverState(RtpReceiverOptions options)
    {
        Options = options;
        Formats = new PayloadFormatTable(options.PayloadTypes);
        _mid = Encoding.UTF8.GetBytes(options.Mid);
    }

    public RtpReceiverOptions Options { get; }

    public PayloadFormatTable Formats { get; }

    public List<RtpReceiveStream> Streams { get; } = [];

    public bool HasMid(ReadOnlySpan<byte> mid) => mid.SequenceEqual(_mid);

    /// <summary>The agreed simulcast identifier that <paramref name="rid"/> spells, or <see langword="null"/>.</summary>
    public string? FindRid(ReadOnlySpan<byte> rid)
    {
        foreach (var candidate in Options.Rids)
        {
            if (Ascii.Equals(rid, candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
