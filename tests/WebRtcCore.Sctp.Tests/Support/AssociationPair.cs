using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Support;

/// <summary>Two associations on a virtual link.</summary>
internal sealed class AssociationPair
{
    public AssociationPair(LinkConditions? conditions = null, SctpOptions? optionsA = null, SctpOptions? optionsB = null, int seed = 1)
    {
        A = new AssociationNode((seed * 2) + 100, optionsA);
        B = new AssociationNode((seed * 2) + 101, optionsB ?? optionsA);
        Pair = new Pair(A, B, seed, conditions);
    }

    public AssociationNode A { get; }

    public AssociationNode B { get; }

    public Pair Pair { get; }

    public static AssociationPair Connected(LinkConditions? conditions = null, SctpOptions? optionsA = null, SctpOptions? optionsB = null, int seed = 1)
    {
        var pair = new AssociationPair(conditions, optionsA, optionsB, seed);
        pair.Connect();
        return pair;
    }

    /// <summary>Both sides begin at once, as in WebRTC.</summary>
    public void Connect()
    {
        A.Association.Associate(Pair.Now);
        B.Association.Associate(Pair.Now);
        Assert.That(Pair.Drive(() => AreEstablished), Is.True, $"A {A.Association.State}, B {B.Association.State}");
    }

    public bool AreEstablished =>
        A.Association.State == SctpAssociationState.Established && B.Association.State == SctpAssociationState.Established;

    public bool SendA(byte[] message, ushort stream = 1, uint ppid = 53) =>
        A.Association.Send(stream, new SctpSendParameters(ppid), message, Pair.Now);

    public bool SendA(byte[] message, ushort stream, SctpSendParameters parameters) => A.Association.Send(stream, parameters, message, Pair.Now);
}
