using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace WebRtcCore.LoadTest;

/// <summary>The checked options of one run: <c>--name value</c> or <c>--name=value</c>.</summary>
internal sealed class VerbArguments
{
    private readonly Dictionary<string, int> _values = [];
    private readonly Dictionary<string, string> _texts = [];

    private VerbArguments(IVerb verb)
    {
        foreach (var option in verb.Options)
        {
            _values[option.Name] = option.Default;
        }
    }

    /// <summary>The value of an option that the verb declares.</summary>
    public int this[string name] => _values[name];

    /// <summary>Where a verb writes lines of its own, before the one that it returns.</summary>
    public TextWriter Output { get; init; } = Console.Out;

    /// <summary>The value of a text option, or <see langword="null"/> where it is not given.</summary>
    public string? GetText(string name) => _texts.GetValueOrDefault(name);

    public static bool TryParse(
        IVerb verb, ReadOnlySpan<string> arguments, [NotNullWhen(true)] out VerbArguments? parsed, [NotNullWhen(false)] out string? problem) =>
        TryParse(verb, arguments, Console.Out, out parsed, out problem);

    public static bool TryParse(
        IVerb verb, ReadOnlySpan<string> arguments, TextWriter output, [NotNullWhen(true)] out VerbArguments? parsed, [NotNullWhen(false)] out string? problem)
    {
        parsed = null;
        problem = null;
        var values = new VerbArguments(verb) { Output = output };
        var seen = new HashSet<string>();
        for (var i = 0; i < arguments.Length; i++)
        {
            var parts = arguments[i].Split('=', 2);
            var name = parts[0].StartsWith("--", StringComparison.Ordinal) ? parts[0][2..] : "";
            var option = verb.Options.FirstOrDefault(option => option.Name == name);
            if (option is null && verb.TextOptions.All(option => option.Name != name))
            {
                var known = verb.Options.Select(known => known.Name).Concat(verb.TextOptions.Select(known => known.Name));
                problem = $"'{verb.Name}' has no option '{parts[0]}'. Options: {string.Join(", ", known.Select(name => "--" + name))}.";
                return false;
            }

            if (!seen.Add(name))
            {
                problem = $"--{name} is given twice.";
                return false;
            }

            if (parts.Length == 1 && i + 1 == arguments.Length)
            {
                problem = $"--{name} needs a value.";
                return false;
            }

            var text = parts.Length == 2 ? parts[1] : arguments[++i];
            if (option is null)
            {
                values._texts[name] = text;
                continue;
            }

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
