using System.Text;
using WebRtcCore.Dtls;
using WebRtcCore.Sdp;
using WebRtcCore.Session.Negotiation;
using WebRtcCore.Testing;
using WebRtcCore.Tests.Negotiation;

namespace WebRtcCore.Fuzz.Sessions;

/// <summary>
/// Descriptions of a peer against the state machine of offer and answer. The first byte says what this side has already and in what role the text comes.
/// A description is refused with an <see cref="RtcException"/> that leaves the signalling state alone, or is negotiated to the end.
/// </summary>
internal sealed class NegotiationTarget : FuzzTarget
{
    private static readonly LocalTransport Local = new()
    {
        Ice = new IceParameters("abcd", "abcdefghijklmnopqrstuvwx"),
        Fingerprints = [new DtlsFingerprint("sha-256", string.Join(':', Enumerable.Repeat("A0", 32)))],
    };

    public override string Name => "negotiation";

    public override IEnumerable<byte[]> Seeds() => SeedFiles.Text("corpus/sdp", "*.offer.sdp", maxLength: 6000, count: 30)
        .SelectMany((text, i) => new byte[][] { [(byte)(i & 0xE), .. text] })
        .Concat(SeedFiles.Text("corpus/sdp", "*.answer.sdp", maxLength: 6000, count: 12).Select((text, i) => (byte[])[(byte)((i & 0xE) | 1), .. text]));

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        var negotiator = new Negotiator(new DirectMediaOperations(), PeerConnectionOptions.Default, new SeededRandomSource(1));
        Prepare(negotiator, input[0]);
        var isAnswer = (input[0] & 1) != 0;
        if (isAnswer)
        {
            negotiator.SetLocal(negotiator.CreateOffer(Local));
        }

        var text = Encoding.UTF8.GetString(input[1..]);
        var type = isAnswer ? SdpType.Answer : SdpType.Offer;
        if (TrySet(negotiator, type, text) && !isAnswer)
        {
            Answer(negotiator);

            // The same again is a renegotiation without a change.
            if (TrySet(negotiator, type, text))
            {
                Answer(negotiator);
            }
        }

        negotiator.Close();
    }

    private static void Prepare(Negotiator negotiator, byte bits)
    {
        if ((bits & 2) != 0)
        {
            negotiator.AddTrack(new MediaStreamTrack(MediaKind.Audio), []);
        }

        if ((bits & 4) != 0)
        {
            negotiator.AddTransceiver(MediaKind.Video, new MediaStreamTrack(MediaKind.Video), new RtpTransceiverOptions());
        }

        if ((bits & 8) != 0)
        {
            negotiator.RequestDataChannel();
        }
    }

    private static bool TrySet(Negotiator negotiator, SdpType type, string text)
    {
        var before = negotiator.SignalingState;
        try
        {
            negotiator.SetRemote(new SessionDescription(type, text));
            return true;
        }
        catch (RtcException)
        {
            Require(negotiator.SignalingState == before, "A refused description changes nothing.");
            return false;
        }
    }

    private static void Answer(Negotiator negotiator)
    {
        var answer = negotiator.CreateAnswer(Local);
        Require(SdpSession.TryParse(answer.Sdp, out _, out var error), $"An answer parses: {error}");
        negotiator.SetLocal(answer);
        Require(negotiator.SignalingState == SignalingState.Stable, "An answer ends the exchange.");
    }
}
