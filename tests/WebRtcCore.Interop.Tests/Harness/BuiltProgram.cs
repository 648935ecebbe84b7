using WebRtcCore.Testing;

namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>Programs of this repository. They would overwrite each other's files in one folder, so each is started where it was built.</summary>
internal static class BuiltProgram
{
    /// <summary>A sample.</summary>
    public static string Sample(string name) => Find($"../samples/{name}", name);

    /// <summary>The .NET end of a call.</summary>
    public static string Peer => Find("WebRtcCore.Interop.Peer", "WebRtcCore.Interop.Peer");

    private static string Find(string folder, string name)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return TestData.Path($"{folder}/bin/{here.Parent!.Name}/{here.Name}/{name}.dll");
    }
}
