using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace WebRtcCore.Srtp.Ciphers;

/// <summary>Counter mode over the platform's AES: a run of counter blocks is encrypted at once and combined with the data.</summary>
internal sealed class PortableCounterModeCipher : CounterModeCipher
{
    // A packet of 1,500 bytes takes one run.
    private const int BlocksPerRun = 96;

    private readonly Aes _aes;
    private readonly ICryptoTransform _encryptor;
    private readonly byte[] _counters = new byte[BlocksPerRun * BlockLength];
    private readonly byte[] _keystream = new byte[BlocksPerRun * BlockLength];

    public PortableCounterModeCipher(ReadOnlySpan<byte> key)
    {
        _aes = Aes.Create();
#pragma warning disable CA5358 // ECB is the block function here; counter mode is built from it, as .NET has none.
        _aes.Mode = CipherMode.ECB;
#pragma warning restore CA5358
        _aes.Padding = PaddingMode.None;
        var copy = key.ToArray();
        _aes.Key = copy;
        CryptographicOperations.ZeroMemory(copy);
        _encryptor = _aes.CreateEncryptor();
    }

    public override void Apply(ReadOnlySpan<byte> iv, Span<byte> data)
    {
        var counter = 0;
        while (data.Length > 0)
        {
            var blocks = Math.Min(BlocksPerRun, (data.Length + BlockLength - 1) / BlockLength);
            for (var i = 0; i < blocks; i++)
            {
                var block = _counters.AsSpan(i * BlockLength, BlockLength);
                iv.CopyTo(block);
                BinaryPrimitives.WriteUInt16BigEndian(block[14..], (ushort)counter++);
            }

            _encryptor.TransformBlock(_counters, 0, blocks * BlockLength, _keystream, 0);
            var length = Math.Min(data.Length, blocks * BlockLength);
            Xor(data[..length], _keystream.AsSpan(0, length));
            data = data[length..];
        }
    }

    public override void Dispose()
    {
        _encryptor.Dispose();
        _aes.Dispose();
        CryptographicOperations.ZeroMemory(_keystream);
    }

    private static void Xor(Span<byte> data, ReadOnlySpan<byte> keystream)
    {
        var vectors = MemoryMarshal.Cast<byte, Vector<byte>>(data);
        var keyVectors = MemoryMarshal.Cast<byte, Vector<byte>>(keystream);
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] ^= keyVectors[i];
        }

        for (var i = vectors.Length * Vector<byte>.Count; i < data.Length; i++)
        {
            data[i] ^= keystream[i];
        }
    }
}
