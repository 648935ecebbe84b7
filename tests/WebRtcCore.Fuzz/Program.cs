using System.Globalization;
using System.Security.Cryptography;
using SharpFuzz;
using WebRtcCore.Fuzz;

const string Usage = """
    dotnet run --project tests/WebRtcCore.Fuzz -- TARGET|all FILE              feed one file
                                                 TARGET|all --corpus DIR       feed every file of a folder
                                                 TARGET|all --random SECONDS [SEED]   feed mutations of the seeds
                                                 TARGET --seeds DIR            write the seeds to a folder
                                                 TARGET --afl                  be driven by AFL (see fuzz.sh)
                                                 --list                        name the targets
    """;

if (args is ["--list"])
{
    Console.WriteLine(string.Join('\n', FuzzTargets.All.Select(target => target.Name)));
    return 0;
}

if (args.Length < 2 || (args[0] != "all" && FuzzTargets.Find(args[0]) is null))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

var targets = args[0] == "all" ? FuzzTargets.All : [FuzzTargets.Find(args[0])!];
switch (args[1..])
{
    case ["--afl"]:
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            targets[0].Run(memory.ToArray());
        });
        return 0;
    case ["--seeds", var folder]:
        Directory.CreateDirectory(folder);
        foreach (var (index, seed) in targets[0].Seeds().Index())
        {
            File.WriteAllBytes(Path.Combine(folder, $"{index:000}"), seed);
        }

        return 0;
    case ["--random", var seconds, .. var rest]:
        var duration = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
        var first = rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : Environment.TickCount;
        return targets.Count(target => !Report(target, new FuzzRunner(target, first), runner => runner.Run(int.MaxValue, duration)));
    case ["--corpus", var folder]:
        return targets.Count(target => !Report(target, new FuzzRunner(target, 0), runner =>
            Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => runner.Run(File.ReadAllBytes(file))).FirstOrDefault(failure => failure is not null)));
    case [var file]:
        return targets.Count(target => !Report(target, new FuzzRunner(target, 0), runner => runner.Run(File.ReadAllBytes(file))));
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

static bool Report(FuzzTarget target, FuzzRunner runner, Func<FuzzRunner, FuzzFailure?> run)
{
    var failure = run(runner);
    Console.WriteLine($"{target.Name}: {runner.Inputs} inputs, {(failure is null ? "no failure" : "FAILED")}");
    if (failure is not null)
    {
        var name = $"{target.Name}-{Convert.ToHexStringLower(SHA256.HashData(failure.Input))[..12]}.bin";
        File.WriteAllBytes(Path.Combine(Path.GetTempPath(), name), failure.Input);
        Console.WriteLine($"  {Path.Combine(Path.GetTempPath(), name)} ({failure.Input.Length} bytes)\n{failure.Exception}");
    }

    return failure is null;
}
