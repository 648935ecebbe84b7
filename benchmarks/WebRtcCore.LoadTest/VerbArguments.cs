using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace WebRtcCore.LoadTest;

/// <summary>The checked options of one run: <c>--name value</c> or <c>--name=value</c>.</summary>
internal sealed class VerbArguments
{
    private readonly Dictionary<string, int> _values = [];

    private VerbArguments(IVerb verb)
    {
        foreach (var option in verb.Options)
        {
            _values[option.Name] = option.Default;
        }
    }

    /// <summary>The value of an option that the verb declares.</summary>
    public int this[string name] => _values[name];

    public static bool TryParse(
        IVerb verb, ReadOnlySpan<string> arguments, [NotNullWhen(true)] out VerbArguments? parsed, [NotNullWhen(false)] out string? problem)
    {
        parsed = null;
        problem = null;
        var values = new VerbArguments(verb);
        var seen = new HashSet<string>();
        for (var i = 0; i < arguments.Length; i++)
        {
            var parts = arguments[i].Split('=', 2);
            if (!parts[0].StartsWith("--", StringComparison.Ordinal) || verb.Options.FirstOrDefault(option => option.Name == parts[0][2..]) is not { } option)
            {
                problem = $"'{verb.Name}' has no option '{parts[0]}'. Options: {string.Join(", ", verb.Options.Select(known => "--" + known.Name))}.";
                return false;
            }

            if (!seen.Add(option.Name))
            {
                problem = $"--{option.Name} is given twice.";
                return false;
            }

            if (parts.Length == 1 && i + 1 == arguments.Length)
            {
                problem = $"--{option.Name} needs a value.";
                return false;
            }

            var text = parts.Length == 2 ? parts[1] : arguments[++i];
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || value < option.Minimum || value > option.Maximum)
            {
                problem = $"--{option.Name} takes a whole number from {option.Minimum} to {option.Maximum}, not '{text}'.";
                return false;
            }

            values._values[option.Name] = value;
        }

        parsed = values;
        return true;
    }
}
