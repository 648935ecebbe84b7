namespace WebRtcCore.Testing;

/// <summary>Finds the data files under <c>tests/</c> of the checkout that the running test was built from.</summary>
public static class TestData
{
    private static readonly Lazy<string> LazyRoot = new(FindRoot);

    /// <summary>The repository's <c>tests</c> folder.</summary>
    public static string Root => LazyRoot.Value;

    /// <summary>The full path of a file or folder given relative to <c>tests/</c>, with forward slashes: <c>vectors/x.json</c>.</summary>
    public static string Path(string relativePath) => System.IO.Path.Combine(Root, relativePath.Replace('/', System.IO.Path.DirectorySeparatorChar));

    /// <summary>The content of a file given relative to <c>tests/</c>.</summary>
    public static byte[] ReadBytes(string relativePath) => File.ReadAllBytes(Path(relativePath));

    /// <summary>The text of a file given relative to <c>tests/</c>.</summary>
    public static string ReadText(string relativePath) => File.ReadAllText(Path(relativePath));

    /// <summary>The files below a folder given relative to <c>tests/</c>, in ordinal order; none if the folder does not exist.</summary>
    public static IReadOnlyList<string> Files(string relativeFolder, string pattern = "*")
    {
        var folder = Path(relativeFolder);
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var files = Directory.GetFiles(folder, pattern, SearchOption.AllDirectories);
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "WebRtcCore.sln")))
            {
                return System.IO.Path.Combine(folder.FullName, "tests");
            }
        }

        throw new DirectoryNotFoundException($"No WebRtcCore.sln above {AppContext.BaseDirectory}.");
    }
}
