using System.Text;
using WebRtcCore;

namespace IceTrickle;

/// <summary>Serves the page, and gathers for whoever asks until the program is ended.</summary>
internal static class TricklePage
{
    // Each gathering asks servers that a page has named: a few at a time are enough for people.
    private const int MaxGatherings = 4;

    private static readonly SemaphoreSlim Slots = new(MaxGatherings);

    public static async Task<int> RunAsync(TrickleOptions options)
    {
        // The page lies beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, WebRootPath = "wwwroot" });
        builder.WebHost.UseUrls(options.Urls);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        // A failed start is told in one sentence below.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        var app = builder.Build();
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.MapPost("/gather", context => GatherAsync(context, options));
        try
        {
            await app.StartAsync();
        }
        catch (IOException failure)
        {
            await Console.Error.WriteLineAsync($"The page cannot be served on {options.Urls}: {failure.Message}");
            return 1;
        }

        foreach (string url in app.Urls)
        {
            Console.WriteLine($"Open {url} in a browser. Ctrl-C ends the program.");
        }

        await app.WaitForShutdownAsync();
        return 0;
    }

    // A line of JSON for each event, as it happens. Only JSON is read, which no page of another site can send without asking first.
    private static async Task GatherAsync(HttpContext context, TrickleOptions options)
    {
        if (!context.Request.HasJsonContentType())
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        if (!await Slots.WaitAsync(TimeSpan.Zero, context.RequestAborted))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        try
        {
            var request = await context.Request.ReadFromJsonAsync(TrickleJson.Default.TrickleRequest, context.RequestAborted) ?? new TrickleRequest();
            if (request.FindFault() is { } fault)
            {
                await RefuseAsync(context, fault);
                return;
            }

            context.Response.ContentType = "application/x-ndjson";
            await foreach (var happened in new Gathering(request, options.ConnectionOptions, options.TimeLimit).RunAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync(happened.ToJson() + "\n", Encoding.UTF8, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (Exception failure) when (failure is ArgumentException or RtcException or System.Text.Json.JsonException && !context.Response.HasStarted)
        {
            await RefuseAsync(context, failure.Message);
        }
        finally
        {
            Slots.Release();
        }
    }

    private static Task RefuseAsync(HttpContext context, string reason)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return context.Response.WriteAsync(reason);
    }
}
