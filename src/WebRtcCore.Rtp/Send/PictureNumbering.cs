using System.Buffers.Binary;
using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Rtp.Send;

/// <summary>
/// Numbers the pictures of forwarded VP8 and VP9 packets anew, so that they go on without a gap when the source changes: a decoder takes a gap for lost pictures, and a
/// number that it has seen for an old one. As long as the source is the same, the distance is constant, so that real losses still show.
/// </summary>
internal sealed class PictureNumbering
{
    private const int LongMask = 0x7FFF;

    private int _pictureIdOffset;
    private int _temporalBaseOffset;
    private int? _lastPictureId;
    private byte? _lastTemporalBase;

    /// <summary>Numbers a payload anew, in place.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="mimeType">Its media type.</param>
    /// <param name="isNewSource">Whether it is the first packet of another source.</param>
    public void Rewrite(Span<byte> payload, string? mimeType, bool isNewSource)
    {
        var places = mimeType switch
        {
            _ when "video/VP8".Equals(mimeType, StringComparison.OrdinalIgnoreCase) => PictureNumberPlaces.FindVp8(payload),
            _ when "video/VP9".Equals(mimeType, StringComparison.OrdinalIgnoreCase) => PictureNumberPlaces.FindVp9(payload),
            _ => default,
        };
        if (places.PictureId > 0)
        {
            RewritePictureId(payload[places.PictureId..], places.PictureIdBits, isNewSource);
        }

        if (places.TemporalBaseIndex > 0)
        {
            ref var index = ref payload[places.TemporalBaseIndex];
            _temporalBaseOffset = isNewSource && _lastTemporalBase is { } last ? last + 1 - index : _temporalBaseOffset;
            index = (byte)(index + _temporalBaseOffset);
            _lastTemporalBase = _lastTemporalBase is { } newest && (sbyte)(index - newest) < 0 ? newest : index;
        }
    }

    private void RewritePictureId(Span<byte> place, int bits, bool isNewSource)
    {
        var mask = LongMask >> (15 - bits);
        var number = (bits == 15 ? BinaryPrimitives.ReadUInt16BigEndian(place) : place[0]) & mask;
        _pictureIdOffset = isNewSource && _lastPictureId is { } last ? last + 1 - number : _pictureIdOffset;
        number = (number + _pictureIdOffset) & mask;
        if (bits == 15)
        {
            BinaryPrimitives.WriteUInt16BigEndian(place, (ushort)((LongMask + 1) | number));
        }
        else
        {
            place[0] = (byte)number;
        }

        // Late packets do not set the count back.
        if (_lastPictureId is not { } newest || ((number - newest) & mask) <= mask / 2)
        {
            _lastPictureId = number;
        }
    }
}
