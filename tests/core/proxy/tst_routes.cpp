// SPDX-License-Identifier: Apache-2.0
#include "proxy/routes.h"
#include "support/test_registry.h"

#include <QObject>

using namespace luthien;
using namespace luthien::proxy;
using conversation::Api;

namespace {
ProxySnapshot snapshot()
{
    const auto at = [](std::string_view url) { return parseBaseUrl(url).value(); };
    ProxySnapshot made;
    made.upstreams = {{"anthropic", at("https://api.anthropic.com"), ApiFamily::Anthropic, {}},
                      {"openai", at("https://api.openai.com/v1"), ApiFamily::OpenAi, {}},
                      {"chatgpt", at("https://chatgpt.com"), ApiFamily::OpenAi, {}},
                      {"gemini", at("https://generativelanguage.googleapis.com"), ApiFamily::Gemini, {}},
                      {"ollama", at("http://127.0.0.1:11434"), ApiFamily::Ollama, {}}};
    return made;
}

/// "upstream api target", or "root", or the error's status.
QString described(const std::variant<Route, RootPage, protocol::HttpError>& found)
{
    if (std::holds_alternative<RootPage>(found))
        return QStringLiteral("root");
    if (const auto* error = std::get_if<protocol::HttpError>(&found))
        return QString::number(error->status);
    const Route& route = std::get<Route>(found);
    const std::string text =
        route.upstream->name + ' ' + std::string(conversation::apiName(route.api)) + ' ' + route.target;
    return QString::fromStdString(text);
}
} // namespace

class TestRoutes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void leadsTo_data()
    {
        QTest::addColumn<QString>("request");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* request, const char* expected, const char* field = "") {
            QTest::newRow(name) << QString::fromLatin1(request) << QString::fromLatin1(field)
                                << QString::fromLatin1(expected);
        };
        row("messages goes to anthropic", "POST /v1/messages?beta=true",
            "anthropic anthropic-messages /v1/messages?beta=true");
        row("count_tokens goes to anthropic", "POST /v1/messages/count_tokens",
            "anthropic anthropic-messages /v1/messages/count_tokens");
        row("chat goes to openai and /v1 is not doubled", "POST /v1/chat/completions",
            "openai openai-chat /v1/chat/completions");
        row("responses goes to openai", "POST /v1/responses", "openai openai-responses /v1/responses");
        row("a stored response is read as one", "GET /v1/responses/resp_1?stream=true",
            "openai openai-responses /v1/responses/resp_1?stream=true");
        row("embeddings pass", "POST /v1/embeddings", "openai other /v1/embeddings");
        row("gemini by its prefix", "POST /v1beta/models/g:streamGenerateContent?alt=sse",
            "gemini gemini /v1beta/models/g:streamGenerateContent?alt=sse");
        row("ollama by its prefix", "POST /api/chat", "ollama ollama /api/chat");
        row("models with a Google key", "GET /v1/models", "gemini other /v1/models", "x-goog-api-key");
        row("models with an Anthropic version", "GET /v1/models", "anthropic other /v1/models", "anthropic-version");
        row("models with an Anthropic key", "GET /v1/models/claude", "anthropic other /v1/models/claude", "x-api-key");
        row("models otherwise", "GET /v1/models?limit=1", "openai other /v1/models?limit=1");
        row("an upstream by name", "POST /ollama/v1/chat/completions", "ollama openai-chat /v1/chat/completions");
        row("a named upstream whose base ends in /v1", "POST /openai/v1/responses",
            "openai openai-responses /v1/responses");
        row("a named upstream, path without /v1", "POST /openai/responses", "openai openai-responses /v1/responses");
        row("Codex with a ChatGPT login", "POST /chatgpt/backend-api/codex/responses",
            "chatgpt openai-responses /backend-api/codex/responses");
        row("anything under a known name passes", "GET /anthropic/whatever?x=1", "anthropic other /whatever?x=1");
        row("a bare name is the upstream's root", "GET /anthropic", "anthropic other /");
        row("a query right behind the name", "GET /anthropic?x=1", "anthropic other /?x=1");
        row("a generation with a slash at its end", "POST /v1/messages/", "anthropic anthropic-messages /v1/messages/");
        row("a generation in escapes", "POST /anthropic/v1/m%65ssages", "anthropic anthropic-messages /v1/m%65ssages");
        row("a generation behind an escaped slash", "POST /anthropic/v1%2Fmessages",
            "anthropic anthropic-messages /v1%2Fmessages");
        row("a generation in other case", "POST /openai/v1/Chat/Completions",
            "openai openai-chat /v1/Chat/Completions");
        row("a generation with a slash too many", "POST /openai/v1//chat//completions",
            "openai openai-chat /v1//chat//completions");
        row("a method of Gemini in other case", "POST /gemini/v1beta/models/g:GENERATECONTENT",
            "gemini gemini /v1beta/models/g:GENERATECONTENT");
        row("a stored chat completion is read as one", "GET /v1/chat/completions/chatcmpl-1",
            "openai openai-chat /v1/chat/completions/chatcmpl-1");
        row("a response that is cancelled may be complete", "POST /v1/responses/resp_1/cancel",
            "openai openai-responses /v1/responses/resp_1/cancel");
        row("HEAD of the root", "HEAD /", "root");
        row("GET of the root", "GET /?x", "root");
        row("POST to the root", "POST /", "404");
        row("a longer last segment is another path", "POST /v1/messages2", "404");
        row("no such upstream", "POST /nobody/v1/messages", "404");
        row("v1 is not a name", "GET /v1/nothing", "404");
        row("star", "OPTIONS *", "404");
        row("dot segments", "POST /anthropic/../v1/messages", "400");
        row("encoded dot segments", "POST /anthropic/%2e%2E/v1/messages", "400");
        row("a dot at the end", "GET /anthropic/.", "400");
        row("three dots are a name", "GET /anthropic/...", "anthropic other /...");
    }
    void leadsTo()
    {
        QFETCH(QString, request);
        QFETCH(QString, field);
        QFETCH(QString, expected);
        protocol::RequestHead head;
        head.method = request.section(u' ', 0, 0).toStdString();
        head.target = request.section(u' ', 1).toStdString();
        if (!field.isEmpty())
            head.fields.add(field.toStdString(), "1");
        const ProxySnapshot config = snapshot();
        QCOMPARE(described(findRoute(config, head)), expected);
    }

    void webSocketIsRefusedSoThatTheClientFallsBack()
    {
        protocol::RequestHead head{.method = "GET", .target = "/v1/responses", .isUpgrade = true};
        QCOMPARE(described(findRoute(snapshot(), head)), QStringLiteral("426"));
    }

    void aFamilyWithoutUpstreamIsSaid()
    {
        ProxySnapshot config = snapshot();
        config.upstreams.resize(1);
        const auto found = findRoute(config, {.method = "POST", .target = "/v1/responses"});
        QCOMPARE(std::get<protocol::HttpError>(found).code, std::string("no_upstream"));
    }

    void errorsTakeTheClientsForm()
    {
        const ProxySnapshot config = snapshot();
        const auto api = [&](const char* target) { return errorApiFor(config, {.method = "POST", .target = target}); };
        QCOMPARE(api("/v1/messages"), Api::AnthropicMessages);
        QCOMPARE(api("/anthropic/nothing"), Api::AnthropicMessages);
        QCOMPARE(api("/v1/responses"), Api::OpenAiResponses);
        QCOMPARE(api("/v1beta/x"), Api::Gemini);
        QCOMPARE(api("/nothing"), Api::OpenAiChat);
    }
};

LUTHIEN_TEST(tst_routes, TestRoutes)
#include "tst_routes.moc"
