using WebRtcCore.Rtp.Frames;
using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Rtp.Tests.Frames;

public sealed class FrameContinuityTests
{
    [Test]
    public void Nothing_can_be_decoded_before_the_first_key_frame()
    {
        var continuity = new FrameContinuity();
        Assert.That(continuity.Judge(Frame()), Is.False);
        Assert.That(continuity.NeedsKeyFrame, Is.True);
        Assert.That(continuity.Judge(Frame(isKey: true)), Is.True);
        Assert.That(continuity.Judge(Frame()), Is.True);
    }

    [Test]
    public void Without_numbers_a_loss_breaks_everything_up_to_the_next_key_frame()
    {
        var continuity = new FrameContinuity();
        Assert.That(Judge(continuity, Frame(isKey: true), Frame(isAfterLoss: true), Frame(), Frame(isKey: true), Frame()), Is.EqualTo("+--++"));
    }

    [Test]
    public void Loss_of_what_belonged_to_no_frame_breaks_nothing()
    {
        var continuity = new FrameContinuity();
        Assert.That(Judge(continuity, Vp8(0x7F, 0, 0, isKey: true), Vp8(0, 0, 1, isAfterLoss: true)), Is.EqualTo("++"), "The numbers of seven bits go on over the wrap.");
    }

    [Test]
    public void A_lost_frame_of_a_higher_layer_costs_that_layer_up_to_its_next_sync()
    {
        var continuity = new FrameContinuity();
        Assert.That(
            Judge(
                continuity,
                Vp8(0, 0, 0, isKey: true),
                Vp8(1, 1, 0),
                Vp8(3, 1, 0, isAfterLoss: true), // 2, of the upper layer, is lost
                Vp8(4, 0, 1),
                Vp8(5, 1, 1),
                Vp8(6, 0, 2),
                Vp8(7, 1, 2, isSync: true),
                Vp8(8, 1, 2)),
            Is.EqualTo("++-+-+++"));
    }

    [TestCase(0)]
    [TestCase(1)]
    public void A_lost_frame_of_the_base_layer_needs_a_key_frame(int nextLayer)
    {
        var continuity = new FrameContinuity();
        var next = Vp8(2, nextLayer, (byte)(nextLayer == 0 ? 2 : 1), isAfterLoss: true); // 1, of the base layer with index 1, is lost
        Assert.That(Judge(continuity, Vp8(0, 0, 0, isKey: true), next, Vp8(3, 1, 2, isSync: true)), Is.EqualTo("+--"));
        Assert.That(continuity.NeedsKeyFrame, Is.True);
    }

    [Test]
    public void The_base_layers_number_wraps_around()
    {
        var continuity = new FrameContinuity();
        Assert.That(Judge(continuity, Vp8(0, 0, 255, isKey: true), Vp8(1, 1, 255), Vp8(3, 0, 0, isAfterLoss: true)), Is.EqualTo("+++"));
    }

    [Test]
    public void Named_references_decide_whatever_else_is_lost()
    {
        var continuity = new FrameContinuity();
        Assert.That(
            Judge(
                continuity,
                Vp9(0x7FFE, isKey: true),
                Vp9(0x7FFF, 1, 1),
                Vp9(1, 0, isAfterLoss: true, 3), // 0 is lost, this one needs 0x7FFE
                Vp9(2, 1, 1),
                Vp9(3, 1, isAfterLoss: false, 3), // needs 0
                Vp9(4, 0, isAfterLoss: false, 3, 2)),
            Is.EqualTo("++++-+"));
        Assert.That(continuity.NeedsKeyFrame, Is.False);
        Assert.That(continuity.Judge(Vp9(8, 0, isAfterLoss: true, 2)), Is.False);
        Assert.That(continuity.NeedsKeyFrame, Is.True, "The base layer's reference is gone.");
    }

    private static string Judge(FrameContinuity continuity, params RtpAssembledFrame[] frames) =>
        string.Concat(frames.Select(frame => continuity.Judge(frame) ? '+' : '-'));

    private static RtpAssembledFrame Frame(bool isKey = false, bool isAfterLoss = false) => new(new byte[1], 0, new PayloadType(96), isKey) { IsAfterLoss = isAfterLoss };

    private static RtpAssembledFrame Vp8(int number, int layer, byte index, bool isKey = false, bool isAfterLoss = false, bool isSync = false) =>
        Frame(isKey, isAfterLoss) with
        {
            Layers = new FrameLayers { Number = number, NumberBits = 7, TemporalId = layer, TemporalBaseIndex = index, IsLayerSync = isSync },
        };

    private static RtpAssembledFrame Vp9(int number, bool isKey) => Vp9(number, 0, isAfterLoss: false) with { IsKeyFrame = isKey };

    private static RtpAssembledFrame Vp9(int number, int layer, int reference) => Vp9(number, layer, isAfterLoss: false, reference);

    private static RtpAssembledFrame Vp9(int number, int layer, bool isAfterLoss, params int[] references)
    {
        var distances = new FrameReferences();
        foreach (var reference in references)
        {
            distances.TryAdd(reference);
        }

        return Frame(isAfterLoss: isAfterLoss) with
        {
            Layers = new FrameLayers { Number = number, NumberBits = 15, TemporalId = layer, References = distances, HasReferences = true },
        };
    }
}
