using System.Diagnostics.CodeAnalysis;

namespace Arguments;

/// <summary>What the command lines of the samples have in common: <c>--name value</c> or <c>--name=value</c>, each mistake told in a sentence.</summary>
internal static class CommandLine
{
    public const string Help = "--help";

    /// <summary>Splits the arguments into options and their values.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="flags">Options that have no value; <see cref="Help"/> is one of every program.</param>
    /// <param name="names">Options that have one.</param>
    /// <param name="options">What was given, in its order; a flag's value is empty.</param>
    /// <param name="error">A sentence where the arguments make no sense.</param>
    public static bool TrySplit(
        string[] args, string[] flags, string[] names, out List<(string Name, string Value)> options, [NotNullWhen(false)] out string? error)
    {
        options = [];
        error = null;
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            string? value = null;
            int equals = name.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                value = name[(equals + 1)..];
                name = name[..equals];
            }

            if (name is Help or "-h" or "-?" || flags.Contains(name))
            {
                options.Add((name is "-h" or "-?" ? Help : name, ""));
                continue;
            }

            if (!names.Contains(name))
            {
                error = $"There is no option '{name}'.";
                return false;
            }

            value ??= ++i < args.Length ? args[i] : null;
            if (string.IsNullOrWhiteSpace(value))
            {
                error = $"The option '{name}' needs a value.";
                return false;
            }

            options.Add((name, value));
        }

        return true;
    }

    /// <summary>Why a value is no list of addresses to serve on; <see langword="null"/> if it is one.</summary>
    public static string? CheckUrls(string value) =>
        Array.TrueForAll(value.Split(';'), IsListenUrl) ? null : $"'{value}' is no list of addresses like http://localhost:8080.";

    /// <summary>Why a value is no STUN server; <see langword="null"/> if it is one.</summary>
    public static string? CheckStunUrl(string value) =>
        value.StartsWith("stun:", StringComparison.OrdinalIgnoreCase) ? null : $"'{value}' is no STUN URL like stun:stun.example.org:3478.";

    private static bool IsListenUrl(string url)
    {
        try
        {
            return BindingAddress.Parse(url).Scheme is "http" or "https";
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
