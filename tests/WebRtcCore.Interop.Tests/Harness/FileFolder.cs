using System.Diagnostics;
using System.Security.Cryptography;

namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>A folder for the files of one test, deleted afterwards. Its subfolder <see cref="Incoming"/> is for what is received.</summary>
internal sealed class FileFolder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("files");

    public string Incoming => Path.Combine(_folder.FullName, "incoming");

    /// <summary>The names of what was received or is being received.</summary>
    public IEnumerable<string> Received => Directory.Exists(Incoming) ? Directory.EnumerateFileSystemEntries(Incoming).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal) : [];

    /// <summary>The names of everything beside the received files.</summary>
    public IEnumerable<string> Others => _folder.EnumerateFileSystemInfos().Select(f => f.Name).Where(n => n != "incoming").Order(StringComparer.Ordinal);

    /// <summary>Writes a file of random bytes, and returns its path.</summary>
    public string Make(string name, int megabytes)
    {
        string path = Path.Combine(_folder.FullName, name);
        using var file = File.Create(path);
        var block = new byte[1_000_000];
        var random = new Random(megabytes);
        for (int i = 0; i < megabytes; i++)
        {
            random.NextBytes(block);
            file.Write(block);
        }

        return path;
    }

    /// <summary>The path of a file beside the received ones.</summary>
    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public string PathOfReceived(string name) => Path.Combine(Incoming, name);

    public static string Sha256(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Waits until a part of a file has so many bytes.</summary>
    public Task UntilPartHasAsync(int megabytes) => UntilAsync(
        () => Received.Where(n => n.EndsWith(".part", StringComparison.Ordinal)).Any(n => new FileInfo(PathOfReceived(n)) is { Exists: true } part && part.Length > megabytes * 1_000_000L),
        $"{megabytes} MB of a file");

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.That(watch.Elapsed, Is.LessThan(Patience), $"waited for {what}");
            await Task.Delay(5);
        }
    }

    /// <summary>Opens a file to write to as soon as nobody else has it open.</summary>
    public static async Task<FileStream> OpenFreeAsync(string path)
    {
        FileStream? file = null;
        await UntilAsync(
            () =>
            {
                try
                {
                    file = File.OpenWrite(path);
                    return true;
                }
                catch (IOException)
                {
                    return false;
                }
            },
            $"{path} to be free");
        return file!;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
