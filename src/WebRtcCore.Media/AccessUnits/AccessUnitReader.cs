using System.Runtime.CompilerServices;

namespace WebRtcCore.Media.AccessUnits;

/// <summary>
/// Cuts a byte stream of H.264 or H.265 (Annex B), such as an encoder's standard output, into access units: what one frame of video is. To write such a
/// stream, write the frames one behind the other. One call at a time; the stream stays the caller's.
/// </summary>
public sealed class AccessUnitReader
{
    /// <summary>The longest access unit that is read, in bytes.</summary>
    public const int MaxLength = 32 * 1024 * 1024;

    private const int ReadSize = 64 * 1024;
    private readonly Stream _stream;
    private readonly AccessUnitFormat _format;
    private byte[] _buffer = new byte[2 * ReadSize];
    private int _length;

    // Where the search for the next start code goes on, the unit that is being read, and the access unit that it belongs to.
    private int _searched;
    private int _unitStart = -1;
    private int _accessUnitStart = -1;
    private bool _hasSlice;
    private bool _isKeyFrame;

    /// <summary>Creates a reader.</summary>
    public AccessUnitReader(Stream stream, AccessUnitFormat format)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _format = format;
    }

    /// <summary>The access units. What comes before the first start code is left out.</summary>
    /// <exception cref="InvalidDataException">An access unit is longer than <see cref="MaxLength"/>.</exception>
    public async IAsyncEnumerable<AccessUnit> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await FillAsync(cancellationToken).ConfigureAwait(false))
        {
            while (TryFindUnit(out var codeStart, out var start))
            {
                if (TryEnd(codeStart, out var accessUnit))
                {
                    yield return accessUnit;
                }

                (_unitStart, _accessUnitStart) = (start, _accessUnitStart < 0 ? codeStart : _accessUnitStart);
            }

            DropDelivered();
        }

        if (TryEnd(_length, out var last))
        {
            yield return last;
        }

        if (_hasSlice)
        {
            yield return new AccessUnit(_buffer.AsMemory(_accessUnitStart, _length - _accessUnitStart).ToArray(), _isKeyFrame);
        }
    }

    // The unit before codeStart is whole: if it begins a picture, the access unit before it is.
    private bool TryEnd(int codeStart, out AccessUnit accessUnit)
    {
        accessUnit = default;
        if (_unitStart < 0 || _unitStart >= codeStart)
        {
            return false;
        }

        var unit = _buffer.AsSpan(_unitStart..codeStart);
        var ends = _hasSlice && NalUnitRules.BeginsAccessUnit(_format, unit);
        if (ends)
        {
            var unitCodeStart = FindCodeStart(_unitStart);
            accessUnit = new AccessUnit(_buffer.AsMemory(_accessUnitStart, unitCodeStart - _accessUnitStart).ToArray(), _isKeyFrame);
            (_accessUnitStart, _hasSlice, _isKeyFrame) = (unitCodeStart, false, false);
        }

        _hasSlice |= NalUnitRules.IsSlice(_format, unit);
        _isKeyFrame |= NalUnitRules.IsRandomAccess(_format, unit);
        return ends;
    }

    // A zero byte before the three of the start code belongs to it.
    private int FindCodeStart(int unitStart)
    {
        var start = unitStart - 3;
        return start > 0 && start > _accessUnitStart && _buffer[start - 1] == 0 ? start - 1 : start;
    }

    private bool TryFindUnit(out int codeStart, out int start)
    {
        var found = _buffer.AsSpan(_searched, _length - _searched).IndexOf([(byte)0, (byte)0, (byte)1]);
        if (found < 0)
        {
            // The last two bytes may be the beginning of a start code.
            _searched = Math.Max(_searched, _length - 2);
            (codeStart, start) = (0, 0);
            return false;
        }

        start = _searched + found + 3;
        codeStart = start - 3;
        if (codeStart > 0 && codeStart > _unitStart && _buffer[codeStart - 1] == 0)
        {
            codeStart--;
        }

        _searched = start;
        return true;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_buffer.Length - _length < ReadSize)
        {
            if (_length > MaxLength)
            {
                throw new InvalidDataException($"An access unit has more than {MaxLength} bytes.");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await _stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken).ConfigureAwait(false);
        _length += read;
        return read > 0;
    }

    private void DropDelivered()
    {
        var keep = _accessUnitStart >= 0 ? _accessUnitStart : Math.Max(0, _length - 3);
        if (keep == 0)
        {
            return;
        }

        _buffer.AsSpan(keep, _length - keep).CopyTo(_buffer);
        _length -= keep;
        _searched = Math.Max(0, _searched - keep);
        _unitStart -= _unitStart >= 0 ? keep : 0;
        _accessUnitStart -= _accessUnitStart >= 0 ? keep : 0;
    }
}
