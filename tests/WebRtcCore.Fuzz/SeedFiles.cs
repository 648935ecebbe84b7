using System.Text;
using System.Text.RegularExpressions;
using WebRtcCore.Testing;

namespace WebRtcCore.Fuzz;

/// <summary>Seeds out of the data that the other tests use.</summary>
internal static partial class SeedFiles
{
    /// <summary>Every hexadecimal string of the JSON files in a folder.</summary>
    public static IEnumerable<byte[]> Hex(string folder, string pattern) => TestData.Files(folder, pattern)
        .SelectMany(file => HexString().Matches(File.ReadAllText(file)))
        .Select(match => Convert.FromHexString(match.Groups[1].Value));

    /// <summary>The files of a folder as text, without the largest.</summary>
    public static IEnumerable<byte[]> Text(string folder, string pattern, int maxLength, int count) => TestData.Files(folder, pattern)
        .Where(file => new FileInfo(file).Length <= maxLength)
        .Take(count)
        .Select(File.ReadAllBytes);

    /// <summary>Some datagrams of captures, of as many different lengths as possible.</summary>
    public static IEnumerable<byte[]> Datagrams(string folder, string pattern, Func<byte[], bool> filter, int perFile) => TestData.Files(folder, pattern)
        .SelectMany(file => PcapReader.Read(file)
            .Select(packet => packet.Payload)
            .Where(filter)
            .DistinctBy(payload => payload.Length)
            .Take(perFile));

    /// <summary>Text as bytes.</summary>
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    [GeneratedRegex("\"((?:[0-9a-fA-F]{2}){8,})\"")]
    private static partial Regex HexString();
}
