using System.Buffers;
using System.Buffers.Binary;
using WebRtcCore.Media;

namespace WebRtcCore.Tests.Virtual;

/// <summary>
/// A codec that shows how one is registered: size and mean brightness are all that is left of a picture. Its frames begin as VP8's do, with a bit that says whether
/// a decoder can begin.
/// </summary>
internal sealed class TestVideoCodec : IVideoCodec
{
    private const int Length = 6;

    public List<long> Targets { get; } = [];

    public int KeyFramesForced { get; private set; }

    public bool Supports(CodecFormat format) => format.IsType("video/VP8");

    public IVideoEncoder CreateEncoder(CodecFormat format) => new Encoder(this);

    public IVideoDecoder CreateDecoder(CodecFormat format) => new Decoder();

    private sealed class Encoder(TestVideoCodec codec) : IVideoEncoder
    {
        private bool _hasBegun;

        public bool TryEncode(VideoPicture picture, bool forceKeyFrame, IBufferWriter<byte> encoded, out bool isKeyFrame)
        {
            isKeyFrame = forceKeyFrame || !_hasBegun;
            codec.KeyFramesForced += forceKeyFrame ? 1 : 0;
            _hasBegun = true;
            var frame = encoded.GetSpan(Length);
            frame[0] = (byte)(isKeyFrame ? 0 : 1);
            BinaryPrimitives.WriteUInt16BigEndian(frame[1..], (ushort)picture.Width);
            BinaryPrimitives.WriteUInt16BigEndian(frame[3..], (ushort)picture.Height);
            frame[5] = (byte)picture.Y.ToArray().Average(y => y);
            encoded.Advance(Length);
            return true;
        }

        public void SetTargetBitrate(long bitrateBps) => codec.Targets.Add(bitrateBps);

        public void Dispose()
        {
        }
    }

    private sealed class Decoder : IVideoDecoder
    {
        private bool _hasBegun;

        public VideoDecodeResult Decode(ReadOnlySpan<byte> frame, bool isKeyFrame, out VideoPicture? picture)
        {
            picture = null;
            if (frame.Length != Length || (!isKeyFrame && !_hasBegun))
            {
                return VideoDecodeResult.NeedsKeyFrame;
            }

            _hasBegun = true;
            picture = new VideoPicture(BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), BinaryPrimitives.ReadUInt16BigEndian(frame[3..]));
            picture.Y.Fill(frame[5]);
            return VideoDecodeResult.Picture;
        }

        public void Dispose()
        {
        }
    }
}
