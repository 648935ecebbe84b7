namespace WebRtcCore.Media;

/// <summary>
/// One raw picture in I420: a plane of luma (Y), then two of chroma (U, V) with half the width and height, rounded up; 8 bits a sample, rows without gaps.
/// </summary>
/// <remarks>Whoever has a picture may keep it; nobody changes its samples once it is handed on.</remarks>
public sealed class VideoPicture
{
    /// <summary>The greatest width and height.</summary>
    public const int MaxSide = 16_384;

    /// <summary>Creates a black picture, to be filled through <see cref="Data"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is not in 1 to <see cref="MaxSide"/>.</exception>
    public VideoPicture(int width, int height)
        : this(width, height, new byte[GetSize(width, height)])
    {
        Data.Span[(width * height)..].Fill(0x80);
    }

    /// <summary>Creates a picture over samples that there are.</summary>
    /// <param name="width">Width in pixels, 1 to <see cref="MaxSide"/>.</param>
    /// <param name="height">Height in pixels, 1 to <see cref="MaxSide"/>.</param>
    /// <param name="data">The planes, <em>given</em>: <see cref="GetSize"/> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not in 1 to <see cref="MaxSide"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="data"/> has another length.</exception>
    public VideoPicture(int width, int height, Memory<byte> data)
    {
        if (data.Length != GetSize(width, height))
        {
            throw new ArgumentException($"A picture of {width} x {height} has {GetSize(width, height)} bytes, not {data.Length}.", nameof(data));
        }

        Width = width;
        Height = height;
        Data = data;
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>When it was captured, in ticks of 90 kHz: becomes the RTP timestamp. <see langword="null"/> for the moment of sending.</summary>
    public uint? TimestampTicks { get; init; }

    /// <summary>All samples.</summary>
    public Memory<byte> Data { get; }

    /// <summary>Width of the chroma planes.</summary>
    public int ChromaWidth => (Width + 1) / 2;

    /// <summary>Height of the chroma planes.</summary>
    public int ChromaHeight => (Height + 1) / 2;

    /// <summary>Luma, <see cref="Width"/> bytes a row.</summary>
    public Span<byte> Y => Data.Span[..(Width * Height)];

    /// <summary>Blue difference, <see cref="ChromaWidth"/> bytes a row.</summary>
    public Span<byte> U => Data.Span.Slice(Width * Height, ChromaWidth * ChromaHeight);

    /// <summary>Red difference, <see cref="ChromaWidth"/> bytes a row.</summary>
    public Span<byte> V => Data.Span[((Width * Height) + (ChromaWidth * ChromaHeight))..];

    /// <summary>The bytes of a picture.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is not in 1 to <see cref="MaxSide"/>.</exception>
    public static int GetSize(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MaxSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, MaxSide);
        return (width * height) + (2 * ((width + 1) / 2) * ((height + 1) / 2));
    }
}
