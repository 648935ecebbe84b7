using Calls;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using RecordToFile;

if (!RecordOptions.TryParse(args, out var options, out string? error))
{
    await Console.Error.WriteLineAsync($"{error} --help lists the options.");
    return 2;
}

if (options.ShowHelp)
{
    Console.WriteLine(RecordOptions.Usage);
    return 0;
}

string directory = Path.GetFullPath(options.OutputDirectory);
try
{
    Directory.CreateDirectory(directory);
}
catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"Nothing can be stored in {directory}: {failure.Message}");
    return 1;
}

return await CallServer.RunAsync(
    options.Calls,
    (number, loggerFactory) => new RecordingCall(number, options, directory, loggerFactory),
    $"Recordings are stored in {directory}; Ctrl-C completes them and ends the program.",
    services => services.AddHostedService<RecordingMonitor>(),
    app => app.UseStaticFiles(new StaticFileOptions
    {
        // Played back by the page that made them: nobody else knows the names, and there is no list.
        RequestPath = "/recordings",
        FileProvider = new PhysicalFileProvider(directory),
        ContentTypeProvider = new FileExtensionContentTypeProvider(new Dictionary<string, string>
        {
            [".webm"] = "video/webm",
            [".mkv"] = "video/x-matroska",
        }),
        OnPrepareResponse = c => c.Context.Response.Headers.CacheControl = "no-cache",
    }));
