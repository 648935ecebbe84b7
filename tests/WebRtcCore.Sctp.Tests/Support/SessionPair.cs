using System.Text;
using WebRtcCore.Sctp.Dcep;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Support;

/// <summary>Two data channel sessions on a virtual link; A is the DTLS client.</summary>
internal sealed class SessionPair
{
    public SessionPair(LinkConditions? conditions = null, DataChannelSessionOptions? optionsA = null, DataChannelSessionOptions? optionsB = null, int seed = 1)
    {
        A = new SessionNode((seed * 2) + 500, optionsA);
        B = new SessionNode((seed * 2) + 501, optionsB ?? optionsA);
        Pair = new Pair(A, B, seed, conditions);
    }

    public SessionNode A { get; }

    public SessionNode B { get; }

    public Pair Pair { get; }

    public static SessionPair Connected(
        LinkConditions? conditions = null, DataChannelSessionOptions? optionsA = null, DataChannelSessionOptions? optionsB = null, int seed = 1)
    {
        var pair = new SessionPair(conditions, optionsA, optionsB, seed);
        pair.Connect();
        return pair;
    }

    public void Connect()
    {
        A.Session.Start(isDtlsClient: true, Pair.Now);
        B.Session.Start(isDtlsClient: false, Pair.Now);
        Run(() => A.Session.State == SctpAssociationState.Established && B.Session.State == SctpAssociationState.Established);
    }

    public void Run(Func<bool> until, int seconds = 120) =>
        Assert.That(Pair.Drive(until, TimeSpan.FromSeconds(seconds)), Is.True, "It did not happen in time.");

    /// <summary>Opens a channel at A and waits until B has it.</summary>
    public (DataChannelId AtA, DataChannelId AtB) Open(DataChannelParameters? parameters = null)
    {
        var atA = A.Session.OpenChannel(parameters ?? new DataChannelParameters { Label = "chat" }, Pair.Now);
        var before = B.Incoming.Count();
        Run(() => B.Incoming.Count() > before && A.Session.GetState(atA) == DataChannelState.Open);
        return (atA, B.Incoming.Last());
    }

    public DataChannelSendResult SendA(DataChannelId channel, string text) =>
        A.Session.Send(channel, DataChannelMessageKind.Text, Encoding.UTF8.GetBytes(text), Pair.Now);

    public DataChannelSendResult SendB(DataChannelId channel, string text) =>
        B.Session.Send(channel, DataChannelMessageKind.Text, Encoding.UTF8.GetBytes(text), Pair.Now);
}
