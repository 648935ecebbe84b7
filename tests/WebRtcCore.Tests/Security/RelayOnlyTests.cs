using System.Net;
using WebRtcCore.Tests.Connections;

namespace WebRtcCore.Tests.Security;

/// <summary>Row 10 of docs/security.md: whoever asks for relayed candidates only does not want his address to be known.</summary>
[TestFixture]
public sealed class RelayOnlyTests
{
    [Test]
    public async Task Security_10_relay_only_policy_emits_no_host_address_anywhere()
    {
        await using var connection = new PeerConnection(
            new PeerConnectionConfiguration { IceTransportPolicy = IceTransportPolicy.Relay },
            new PeerConnectionOptions { LocalAddresses = [IPAddress.Parse("127.0.0.2")] });
        var candidates = new List<string>();
        connection.IceCandidate += (_, e) => candidates.Add(e.Candidate?.Candidate ?? "");
        connection.CreateDataChannel("data");
        connection.AddTransceiver(MediaKind.Audio);

        await connection.SetLocalDescriptionAsync();
        await PeerPair.When(
            () => connection.IceGatheringState == IceGatheringState.Complete, check => connection.IceGatheringStateChange += (_, _) => check());

        Assert.That(candidates, Is.All.Empty);
        Assert.That(connection.LocalDescription!.Sdp, Does.Not.Contain("a=candidate").And.Not.Contain("127.0.0.2"));
        Assert.That((await connection.GetStatsAsync()).GetAll<LocalCandidateStats>(), Is.Empty);
    }
}
