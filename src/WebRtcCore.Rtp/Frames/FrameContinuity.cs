using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Rtp.Frames;

/// <summary>
/// Tells of each frame of a stream, in order, whether a decoder has what it is predicted from. Formats that name references (VP9 in flexible mode, AV1 with a
/// dependency descriptor) are believed; formats that number the base layer (VP8, VP9) lose no more than the layers above when one of those is missing; with the
/// others anything missing breaks the chain until the next key frame.
/// </summary>
internal sealed class FrameContinuity
{
    private const int Whole = int.MaxValue;
    private const int MaxRemembered = 512;

    private readonly HashSet<long> _decoded = [];
    private readonly Queue<long> _order = new();

    // The lowest temporal layer that misses something; 0 asks for a key frame.
    private int _brokenFrom;
    private long _number;
    private byte? _baseIndex;
    private bool _hasNumber;

    /// <summary>Whether only a key frame helps.</summary>
    public bool NeedsKeyFrame => _brokenFrom == 0;

    /// <summary>Takes in the next frame.</summary>
    /// <returns>Whether it can be decoded.</returns>
    public bool Judge(RtpAssembledFrame frame)
    {
        var layers = frame.Layers;
        var isGap = IsGap(frame);
        if (frame.IsKeyFrame)
        {
            Restart();
        }
        else if (layers is { HasReferences: true, Number: not null })
        {
            if (!TryFollow(layers))
            {
                return false;
            }
        }
        else if (isGap)
        {
            OnGap(layers);
        }

        Note(layers);
        if (layers.TemporalId < _brokenFrom)
        {
            Remember();
            return true;
        }

        if (!layers.IsLayerSync || _brokenFrom == 0)
        {
            return false;
        }

        _brokenFrom = layers.TemporalId + 1;
        return true;
    }

    private bool IsGap(RtpAssembledFrame frame)
    {
        if (frame.Layers is not { Number: { } number } layers || !_hasNumber)
        {
            return frame.IsAfterLoss;
        }

        // What was lost may have been padding: then the numbers go on. What is missing without a loss was left out by someone who knows what he does.
        return frame.IsAfterLoss && Unwrap(number, layers.NumberBits) != _number + 1;
    }

    private void OnGap(in FrameLayers layers)
    {
        if (layers.TemporalBaseIndex is not { } index || _baseIndex is not { } last)
        {
            _brokenFrom = 0;
            return;
        }

        // The base layer is complete if its number has gone on by one with a frame of its own, or stands still with others.
        var isBaseWhole = index == (layers.TemporalId == 0 ? (byte)(last + 1) : last);
        _brokenFrom = Math.Min(_brokenFrom, isBaseWhole ? 1 : 0);
    }

    private bool TryFollow(in FrameLayers layers)
    {
        var number = Unwrap(layers.Number!.Value, layers.NumberBits);
        var isWhole = _brokenFrom > 0;
        for (var i = 0; isWhole && i < layers.References.Count; i++)
        {
            isWhole = _decoded.Contains(number - layers.References[i]);
        }

        if (!isWhole)
        {
            // A base layer that cannot be decoded leaves nothing to build on.
            _brokenFrom = layers.TemporalId == 0 ? 0 : _brokenFrom;
            _number = Math.Max(_number, number);
        }

        return isWhole;
    }

    private void Restart()
    {
        _brokenFrom = Whole;
        _decoded.Clear();
        _order.Clear();
        _baseIndex = null;
    }

    private void Note(in FrameLayers layers)
    {
        if (layers.Number is { } number)
        {
            _number = _hasNumber ? Unwrap(number, layers.NumberBits) : number;
            _hasNumber = true;
        }

        if (layers.TemporalBaseIndex is { } index)
        {
            _baseIndex = index;
        }
    }

    private void Remember()
    {
        if (!_decoded.Add(_number))
        {
            return;
        }

        _order.Enqueue(_number);
        if (_order.Count > MaxRemembered)
        {
            _decoded.Remove(_order.Dequeue());
        }
    }

    private long Unwrap(int number, int bits)
    {
        var unused = 64 - bits;
        return _number + (((number - _number) << unused) >> unused);
    }
}
