using System.Text.Json;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

[TestFixture]
public class CandidatePriorityTests
{
    [Test]
    public void Formulas_give_the_vectors_of_rfc8445()
    {
        using var document = JsonDocument.Parse(TestData.ReadBytes("vectors/ice_rfc8445.json"));
        foreach (var vector in document.RootElement.GetProperty("priority").EnumerateArray())
        {
            var type = vector.GetProperty("type_pref").GetInt32() switch
            {
                126 => IceCandidateType.Host,
                110 => IceCandidateType.PeerReflexive,
                100 => IceCandidateType.ServerReflexive,
                _ => IceCandidateType.Relay,
            };
            var priority = CandidatePriority.ForCandidate(type, vector.GetProperty("local_pref").GetInt32(), vector.GetProperty("component").GetInt32());
            Assert.That(priority, Is.EqualTo(vector.GetProperty("priority").GetUInt32()));
        }

        foreach (var vector in document.RootElement.GetProperty("pair").EnumerateArray())
        {
            var priority = CandidatePriority.ForPair(vector.GetProperty("G").GetUInt32(), vector.GetProperty("D").GetUInt32());
            Assert.That(priority, Is.EqualTo(vector.GetProperty("priority").GetUInt64()));
        }
    }
}
