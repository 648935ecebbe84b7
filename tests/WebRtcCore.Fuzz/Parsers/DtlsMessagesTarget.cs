using WebRtcCore.Dtls.Messages;
using WebRtcCore.Dtls.Records;
using WebRtcCore.Primitives;

namespace WebRtcCore.Fuzz.Parsers;

/// <summary>DTLS records and every handshake message: what parses writes to bytes that parse and write to the same.</summary>
internal sealed class DtlsMessagesTarget : FuzzTarget
{
    private delegate bool Parser(ReadOnlySpan<byte> body, out IHandshakeMessage? message);

    private static readonly Parser[] Parsers =
    [
        static (ReadOnlySpan<byte> body, out IHandshakeMessage? message) => Wrap(ClientHello.TryParse(body, out var m), m, out message),
        static (ReadOnlySpan<byte> body, out IHandshakeMessage? message) => Wrap(ServerHello.TryParse(body, out var m), m, out message),
        static (ReadOnlySpan<byte> body, out IHandshakeMessage? message) => Wrap(HelloVerifyRequest.TryParse(body, out var m), m, out message),
        static (ReadOnlySpan<byte> body, out IHandshakeMessage? message) => Wrap(CertificateMessage.TryParse(body, out var m), m, out message),
        static (ReadOnlySpan<byte> body, out IHandshakeMessage? message) => Wrap(ServerKeyExchange.TryParse(body, out var m), m, out message),
        static (ReadOnlySpan<byte> body, out IHandshakeMessage? message) => Wrap(CertificateRequestMessage.TryParse(body, out var m), m, out message),
        static (ReadOnlySpan<byte> body, out IHandshakeMessage? message) => Wrap(ServerHelloDone.TryParse(body, out var m), m, out message),
        static (ReadOnlySpan<byte> body, out IHandshakeMessage? message) => Wrap(CertificateVerify.TryParse(body, out var m), m, out message),
        static (ReadOnlySpan<byte> body, out IHandshakeMessage? message) => Wrap(ClientKeyExchange.TryParse(body, out var m), m, out message),
        static (ReadOnlySpan<byte> body, out IHandshakeMessage? message) => Wrap(Finished.TryParse(body, out var m), m, out message),
    ];

    public override string Name => "dtls-messages";

    public override IEnumerable<byte[]> Seeds() => SeedFiles.Hex("corpus/dtls", "*.json")
        .Where(static bytes => bytes.Length > RecordHeader.Length + HandshakeHeader.Length && bytes[0] == 22)
        .Select(static bytes => bytes[RecordHeader.Length..])
        .Select(static record => (byte[])[(byte)(record[0] == 1 ? 0 : record[0] == 2 ? 1 : record[0]), .. record[HandshakeHeader.Length..]]);

    public override void Run(ReadOnlySpan<byte> input)
    {
        RecordHeader.TryParse(input, out _);
        Alert.TryParse(input, out _);
        UseSrtpExtension.TryParse(input, out _);
        var reader = new SpanReader(input);
        while (HandshakeHeader.TryParse(ref reader, out _, out _))
        {
        }

        if (input.IsEmpty || !Parsers[input[0] % Parsers.Length](input[1..], out var message))
        {
            return;
        }

        var written = Write(message!);
        Require(Parsers[input[0] % Parsers.Length](written, out var again), "What is written parses.");
        Require(Write(again!).AsSpan().SequenceEqual(written), "Writing is stable.");
    }

    private static bool Wrap(bool parsed, IHandshakeMessage? message, out IHandshakeMessage? wrapped)
    {
        wrapped = message;
        return parsed;
    }

    private static byte[] Write(IHandshakeMessage message)
    {
        var bytes = new byte[message.EncodedLength];
        var writer = new SpanWriter(bytes);
        message.Write(ref writer);
        Require(writer.Remaining == 0, "A message is as long as it says.");
        return bytes;
    }
}
