using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace WebRtcCore.Tests.Architecture;

/// <summary>
/// The cores are sans-IO: what the build's analyzer checks in their sources is checked here in what was built, generated code included.
/// </summary>
public class CoreReferencesTests
{
    private static readonly string[] Cores =
        ["WebRtcCore.Primitives", "WebRtcCore.Dns", "WebRtcCore.Stun", "WebRtcCore.Ice", "WebRtcCore.Dtls", "WebRtcCore.Rtp", "WebRtcCore.Srtp", "WebRtcCore.Sctp", "WebRtcCore.Sdp"];

    private static readonly string[] BannedNamespaces = ["System.Net.Sockets", "System.Threading.Tasks", "System.IO.Pipelines"];

    private static readonly string[] BannedTypes =
    [
        "System.TimeProvider", "System.Diagnostics.Stopwatch", "System.Random", "System.Threading.Timer", "System.Threading.PeriodicTimer", "System.Threading.Thread",
        "System.Threading.ThreadPool", "System.Threading.Monitor", "System.Threading.Lock", "System.Threading.SemaphoreSlim", "System.Threading.ManualResetEventSlim",
        "System.Threading.CancellationToken", "System.Threading.Mutex", "System.Threading.ReaderWriterLockSlim",
    ];

    [TestCaseSource(nameof(Cores))]
    public void A_core_refers_to_no_clock_socket_task_lock_or_thread(string core)
    {
        var references = TypeReferences(core);
        Assert.That(references, Is.Not.Empty);
        var banned = references.Where(type => BannedTypes.Contains(type) || BannedNamespaces.Any(prefix => type.StartsWith(prefix + ".", StringComparison.Ordinal)));
        Assert.That(banned, Is.Empty);
    }

    [TestCaseSource(nameof(Cores))]
    public void Randomness_enters_in_one_place(string core)
    {
        // DTLS makes keys with the system's cryptography, which draws its own randomness; it must not draw numbers by itself.
        var usesRandom = TypeReferences(core).Contains("System.Security.Cryptography.RandomNumberGenerator");
        Assert.That(usesRandom, Is.EqualTo(core == "WebRtcCore.Primitives"));
    }

    private static HashSet<string> TypeReferences(string assembly)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        return [.. metadata.TypeReferences.Select(metadata.GetTypeReference).Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}")];
    }
}
