using System.Text;
using System.Text.Json;
using WebRtcCore;

namespace Calls;

/// <summary>
/// POST /offer: a browser's complete offer in, the complete answer out, both as the JSON of an RTCSessionDescription.
/// Pages of any origin may use it, as test suites do.
/// </summary>
internal static class OfferEndpoint
{
    private const int MaxBodyBytes = 1024 * 1024;

    public static void Map(WebApplication app) =>
        app.MapPost("/offer", HandleAsync).RequireCors(policy => policy.AllowAnyOrigin().AllowAnyHeader().WithMethods("POST"));

    private static async Task<IResult> HandleAsync(HttpRequest request, CallRegistry calls, CancellationToken cancellationToken)
    {
        string? body = await ReadBodyAsync(request, cancellationToken);
        if (body is null)
        {
            return Refuse(StatusCodes.Status400BadRequest, "The offer is larger than 1 MiB.");
        }

        if (!TryReadOffer(body, out var offer))
        {
            return Refuse(StatusCodes.Status400BadRequest, """The body must be a JSON object like {"type":"offer","sdp":"v=0..."}.""");
        }

        if (!calls.TryBegin(out var call))
        {
            return Refuse(StatusCodes.Status503ServiceUnavailable, CallRegistry.LimitText);
        }

        try
        {
            var answer = await call.AnswerCompletelyAsync(offer, cancellationToken);
            return Results.Text(answer.ToJson(), "application/json", Encoding.UTF8);
        }
        catch (Exception e) when (e is RtcException or ArgumentException)
        {
            await calls.EndAsync(call, "its offer was refused");
            return Refuse(StatusCodes.Status400BadRequest, $"The offer cannot be accepted: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            await calls.EndAsync(call, "its request was given up");
            throw;
        }
    }

    private static bool TryReadOffer(string body, out SessionDescription offer)
    {
        try
        {
            offer = SessionDescription.FromJson(body);
            return offer.Type == SdpType.Offer;
        }
        catch (JsonException)
        {
            offer = new SessionDescription(SdpType.Offer);
            return false;
        }
    }

    private static async Task<string?> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (buffer.Length + read > MaxBodyBytes)
            {
                return null;
            }

            buffer.Write(chunk, 0, read);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static IResult Refuse(int status, string sentence) => Results.Text(sentence, "text/plain", Encoding.UTF8, status);
}
