// SPDX-License-Identifier: Apache-2.0
#include "support/corpus.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <optional>

namespace luthien::test {

using namespace conversation;

namespace {

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString member(const QJsonObject& object, const char* name)
{
    return object.value(QLatin1String(name)).toString();
}

QJsonObject objectAt(const QJsonObject& object, const char* name)
{
    return object.value(QLatin1String(name)).toObject();
}

QJsonArray arrayAt(const QJsonObject& object, const char* name)
{
    return object.value(QLatin1String(name)).toArray();
}

bool has(const QJsonObject& object, const char* name)
{
    return object.contains(QLatin1String(name));
}

/// Collects what differs, as "what: expected ..., got ...".
class Comparison
{
public:
    void equal(const QString& what, const QString& expected, const QString& got)
    {
        if (expected != got)
            m_differences << QStringLiteral("%1: expected \"%2\", got \"%3\"").arg(what, expected, got);
    }
    void equal(const QString& what, const QJsonValue& expected, std::optional<std::int64_t> got)
    {
        const QString wanted = expected.isDouble() ? QString::number(expected.toInteger()) : QStringLiteral("nothing");
        equal(what, wanted, got ? QString::number(*got) : QStringLiteral("nothing"));
    }
    [[nodiscard]] const QStringList& differences() const { return m_differences; }

private:
    QStringList m_differences;
};

/// The blocks of a reply as the SDKs show them: joined by kind.
struct Joined
{
    QString text;
    QString thinking;
    QString refusal;
    std::vector<const Block*> calls;
};

Joined joined(const Response& response, std::uint32_t choice)
{
    Joined all;
    for (const Block& block : response.blocks) {
        if (block.choice != choice)
            continue;
        if (block.kind == BlockKind::Text)
            (block.isRefusal ? all.refusal : all.text) += text(block.text);
        else if (block.kind == BlockKind::Thinking)
            all.thinking += text(block.text);
        else if (block.kind == BlockKind::ToolUse)
            all.calls.push_back(&block);
    }
    return all;
}

QString wireTypeOf(const Block& block)
{
    switch (block.kind) {
    case BlockKind::ToolUse:
        return block.executor == Executor::Client   ? QStringLiteral("tool_use")
               : block.executor == Executor::Server ? QStringLiteral("server_tool_use")
                                                    : QStringLiteral("mcp_tool_use");
    case BlockKind::Opaque:
        return text(block.name);
    default:
        return text(blockKindName(block.kind));
    }
}

/// Arguments as the SDKs parse them: none at all is an empty object.
QJsonValue parsedArguments(const Block& call)
{
    if (call.text.empty())
        return QJsonObject();
    return QJsonDocument::fromJson(QByteArray::fromStdString(call.text)).object();
}

void compareCalls(Comparison& comparison, const QJsonArray& expected, const std::vector<const Block*>& calls)
{
    comparison.equal(QStringLiteral("tool calls"), QString::number(expected.size()), QString::number(calls.size()));
    for (qsizetype i = 0; i < std::min<qsizetype>(expected.size(), static_cast<qsizetype>(calls.size())); ++i) {
        const QJsonObject wanted = expected.at(i).toObject();
        const Block& call = *calls[static_cast<std::size_t>(i)];
        const QString where = QStringLiteral("tool call %1 ").arg(i);
        comparison.equal(where + QLatin1String("id"), member(wanted, has(wanted, "call_id") ? "call_id" : "id"),
                         text(call.id));
        if (has(wanted, "name"))
            comparison.equal(where + QLatin1String("name"), member(wanted, "name"), text(call.name));
        if (has(wanted, "arguments"))
            comparison.equal(where + QLatin1String("arguments"), member(wanted, "arguments"), text(call.text));
        if (has(wanted, "input") && wanted.value(QLatin1String("input")) != parsedArguments(call))
            comparison.equal(where + QLatin1String("input"),
                             QString::fromUtf8(QJsonDocument(objectAt(wanted, "input")).toJson()), text(call.text));
    }
}

void compareUsage(Comparison& comparison, const QJsonValue& expected, const Usage& usage)
{
    const QJsonObject wanted = expected.toObject();
    const bool isChat = has(wanted, "prompt_tokens");
    const QJsonObject input = objectAt(wanted, isChat ? "prompt_tokens_details" : "input_tokens_details");
    const QJsonObject output = objectAt(wanted, isChat ? "completion_tokens_details" : "output_tokens_details");
    const auto at = [](const QJsonObject& object, const char* name) { return object.value(QLatin1String(name)); };
    comparison.equal(QStringLiteral("input tokens"), at(wanted, isChat ? "prompt_tokens" : "input_tokens"),
                     usage.input);
    comparison.equal(QStringLiteral("output tokens"), at(wanted, isChat ? "completion_tokens" : "output_tokens"),
                     usage.output);
    const char* const cacheRead =
        has(wanted, "cache_read_input_tokens") ? "cache_read_input_tokens" : "prompt_cache_hit_tokens";
    comparison.equal(QStringLiteral("cache read"),
                     has(input, "cached_tokens") ? at(input, "cached_tokens") : at(wanted, cacheRead), usage.cacheRead);
    comparison.equal(QStringLiteral("cache write"),
                     has(input, "cache_write_tokens") ? at(input, "cache_write_tokens")
                                                      : at(wanted, "cache_creation_input_tokens"),
                     usage.cacheWrite);
    comparison.equal(QStringLiteral("reasoning tokens"), at(output, "reasoning_tokens"), usage.reasoning);
}

void compareMessages(Comparison& comparison, const QJsonObject& wanted, const Response& response)
{
    const Joined got = joined(response, 0);
    comparison.equal(QStringLiteral("text"), member(wanted, "text"), got.text);
    comparison.equal(QStringLiteral("thinking"), member(wanted, "thinking"), got.thinking);
    comparison.equal(QStringLiteral("stop reason"), member(wanted, "stop_reason"), text(response.rawStopReason));
    QStringList types;
    for (const Block& block : response.blocks)
        types << wireTypeOf(block);
    QStringList wantedTypes;
    for (const QJsonValue& type : arrayAt(wanted, "blocks"))
        wantedTypes << type.toString();
    comparison.equal(QStringLiteral("blocks"), wantedTypes.join(u' '), types.join(u' '));
    compareCalls(comparison, arrayAt(wanted, "tool_calls"), got.calls);
    compareUsage(comparison, wanted.value(QLatin1String("usage")), response.usage);
}

void compareChat(Comparison& comparison, const QJsonObject& wanted, const Response& response, bool isGroq)
{
    for (const QJsonValue& value : arrayAt(wanted, "choices")) {
        const QJsonObject choice = value.toObject();
        const auto number = static_cast<std::uint32_t>(choice.value(QLatin1String("index")).toInt());
        Joined got = joined(response, number);
        // The SDK's view has no place for the deprecated function_call; it carries no id.
        std::erase_if(got.calls, [](const Block* call) { return call->id.empty(); });
        const QString where = QStringLiteral("choice %1 ").arg(number);
        comparison.equal(where + QLatin1String("text"), member(choice, "text"), got.text);
        if (has(choice, "reasoning"))
            comparison.equal(where + QLatin1String("thinking"), member(choice, "reasoning"), got.thinking);
        comparison.equal(where + QLatin1String("refusal"), member(choice, "refusal"), got.refusal);
        const std::string stop =
            number < response.rawStopReasons.size() ? response.rawStopReasons[number] : std::string();
        comparison.equal(where + QLatin1String("finish reason"), member(choice, "finish_reason"), text(stop));
        compareCalls(comparison, arrayAt(choice, "tool_calls"), got.calls);
    }
    const QJsonValue usage = wanted.value(QLatin1String("usage"));
    // Groq's usage stands in x_groq, where neither the SDK nor the fold looks.
    if (usage.isObject() || !isGroq)
        compareUsage(comparison, usage, response.usage);
}

void compareResponses(Comparison& comparison, const QJsonObject& wanted, const Response& response)
{
    const Joined got = joined(response, 0);
    comparison.equal(QStringLiteral("text"), member(wanted, "text"), got.text);
    QString stop = member(wanted, "status");
    if (has(wanted, "incomplete"))
        stop += u':' + member(wanted, "incomplete");
    comparison.equal(QStringLiteral("status"), stop, text(response.rawStopReason));
    compareCalls(comparison, arrayAt(wanted, "tool_calls"), got.calls);
    compareUsage(comparison, wanted.value(QLatin1String("usage")), response.usage);
}

/// A call that Vertex streams is one call to us, and many to the SDK: those after the first have no name.
QJsonArray wholeCalls(const QJsonArray& functionCalls)
{
    QJsonArray whole;
    for (const QJsonValue& value : functionCalls) {
        const QJsonObject call = value.toObject();
        if (!has(call, "name"))
            continue;
        QJsonObject wanted{{QStringLiteral("name"), call.value(QLatin1String("name"))},
                           {QStringLiteral("id"), call.value(QLatin1String("id"))}};
        if (has(call, "args"))
            wanted.insert(QStringLiteral("input"), call.value(QLatin1String("args")));
        whole << wanted;
    }
    return whole;
}

void compareGemini(Comparison& comparison, const QJsonObject& wanted, const Response& response)
{
    Joined got = joined(response, 0);
    std::erase_if(got.calls, [](const Block* call) { return call->executor != Executor::Client; });
    comparison.equal(QStringLiteral("text"), member(wanted, "text"), got.text);
    comparison.equal(QStringLiteral("thinking"), member(wanted, "thinking"), got.thinking);
    comparison.equal(QStringLiteral("finish reason"), member(wanted, "finish_reason"), text(response.rawStopReason));
    compareCalls(comparison, wholeCalls(arrayAt(wanted, "function_calls")), got.calls);
    const QJsonObject usage = objectAt(wanted, "usage");
    const auto at = [&usage](const char* name) { return usage.value(QLatin1String(name)); };
    const qint64 input = at("promptTokenCount").toInteger() + at("toolUsePromptTokenCount").toInteger();
    const qint64 output = at("candidatesTokenCount").toInteger() + at("thoughtsTokenCount").toInteger();
    comparison.equal(QStringLiteral("input tokens"), QJsonValue(input), response.usage.input);
    comparison.equal(QStringLiteral("output tokens"), QJsonValue(output), response.usage.output.value_or(0));
    comparison.equal(QStringLiteral("cache read"), at("cachedContentTokenCount"), response.usage.cacheRead);
    comparison.equal(QStringLiteral("reasoning tokens"), at("thoughtsTokenCount"), response.usage.reasoning);
}

void compareOllama(Comparison& comparison, const QJsonObject& wanted, const Response& response)
{
    const Joined got = joined(response, 0);
    comparison.equal(QStringLiteral("text"), member(wanted, "text"), got.text);
    comparison.equal(QStringLiteral("thinking"), member(wanted, "thinking"), got.thinking);
    comparison.equal(QStringLiteral("done reason"), member(wanted, "done_reason"), text(response.rawStopReason));
    QJsonArray calls;
    for (const QJsonValue& value : arrayAt(wanted, "tool_calls")) {
        const QJsonObject function = objectAt(value.toObject(), "function");
        calls << QJsonObject{{QStringLiteral("id"), value.toObject().value(QLatin1String("id"))},
                             {QStringLiteral("name"), function.value(QLatin1String("name"))},
                             {QStringLiteral("input"), function.value(QLatin1String("arguments"))}};
    }
    compareCalls(comparison, calls, got.calls);
    comparison.equal(QStringLiteral("input tokens"), wanted.value(QLatin1String("prompt_eval_count")),
                     response.usage.input);
    comparison.equal(QStringLiteral("output tokens"), wanted.value(QLatin1String("eval_count")), response.usage.output);
}

/// The SDKs put the status before the message, JSON around it, or, for Mistral's 401, lose it.
void compareError(Comparison& comparison, const CorpusCase& recording, const QJsonObject& wanted,
                  const Response& response)
{
    const QString message = member(wanted, "message");
    const QString got = text(response.error);
    if (recording.api == Api::Gemini) { // the SDK shows the beginning of the body
        if (got.isEmpty() || !message.contains(got.left(60)))
            comparison.equal(QStringLiteral("error"), message, got);
        return;
    }
    if (message.endsWith(QLatin1String("(no body)")) ? got.isEmpty() : got.isEmpty() || !message.contains(got))
        comparison.equal(QStringLiteral("error"), message, got);
}

void compareOutcome(Comparison& comparison, const CorpusCase& recording, const QJsonObject& wanted,
                    const Response& response)
{
    if (recording.api == Api::AnthropicMessages)
        compareMessages(comparison, wanted, response);
    else if (recording.api == Api::OpenAiChat)
        compareChat(comparison, wanted, response, recording.bytes.find("x_groq") != std::string::npos);
    else if (recording.api == Api::OpenAiResponses)
        compareResponses(comparison, wanted, response);
    else if (recording.api == Api::Gemini)
        compareGemini(comparison, wanted, response);
    else
        compareOllama(comparison, wanted, response);
}

CorpusCase readCase(const QJsonObject& entry, const QString& root)
{
    const auto load = [&root](const QString& name) { return readFile((root + u'/' + name).toStdString()); };
    CorpusCase recording;
    recording.id = member(entry, "id").toStdString();
    recording.api = apiFromName(member(entry, "api").toStdString()).value_or(Api::Other);
    recording.kind = member(entry, "kind").toStdString();
    recording.status = static_cast<unsigned>(entry.value(QLatin1String("status")).toInt(200));
    recording.bytes = load(member(entry, "file"));
    recording.expected =
        QJsonDocument::fromJson(QByteArray::fromStdString(load(member(entry, "expected_file")))).object();
    const QString request = text(recording.id) + QLatin1String(".request.json");
    if (QFile::exists(root + u'/' + request))
        recording.request = load(request);
    return recording;
}

} // namespace

std::optional<StreamForm> CorpusCase::form() const
{
    if (kind == "sse")
        return StreamForm::EventStream;
    if (kind == "ndjson")
        return StreamForm::Lines;
    return kind == "json-array-stream" ? std::optional(StreamForm::List) : std::nullopt;
}

std::string testDataDir()
{
    const QString source = qEnvironmentVariable("LUTHIEN_SOURCE_DIR", QStringLiteral(LUTHIEN_SOURCE_PATH));
    return source.toStdString() + "/tests/data";
}

std::string readFile(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("test data is missing: %s", path.c_str());
    return file.readAll().toStdString();
}

std::vector<CorpusCase> loadCorpus()
{
    const QString root = QString::fromStdString(testDataDir()) + QLatin1String("/corpus");
    const auto index = QJsonDocument::fromJson(
        QByteArray::fromStdString(readFile((root + QLatin1String("/index.json")).toStdString())));
    std::vector<CorpusCase> cases;
    for (const QJsonValue& entry : arrayAt(index.object(), "cases")) {
        if (has(entry.toObject(), "expected_file"))
            cases.push_back(readCase(entry.toObject(), root));
    }
    return cases;
}

std::vector<ClientRequest> loadClientRequests()
{
    const QDir folder(QString::fromStdString(testDataDir()) + QLatin1String("/corpus/client-requests"));
    std::vector<ClientRequest> requests;
    for (const QString& name : folder.entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) {
        const QJsonObject file =
            QJsonDocument::fromJson(QByteArray::fromStdString(readFile(folder.filePath(name).toStdString()))).object();
        ClientRequest request{.name = name.chopped(5).toStdString(),
                              .method = member(file, "method").toStdString(),
                              .path = member(file, "path").toStdString(),
                              .headers = {},
                              .body = {}};
        for (const QJsonValue& pair : arrayAt(file, "headers"))
            request.headers.emplace_back(pair.toArray().at(0).toString().toStdString(),
                                         pair.toArray().at(1).toString().toStdString());
        if (file.value(QLatin1String("body")).isObject())
            request.body = QJsonDocument(objectAt(file, "body")).toJson(QJsonDocument::Compact).toStdString();
        requests.push_back(std::move(request));
    }
    return requests;
}

QStringList differences(const CorpusCase& recording, const Response& response)
{
    const QJsonObject& expected = recording.expected;
    Comparison comparison;
    if (has(expected, "message_id"))
        comparison.equal(QStringLiteral("id"), member(expected, "message_id"), text(response.id));
    if (has(expected, "model"))
        comparison.equal(QStringLiteral("model"), member(expected, "model"), text(response.model));
    if (has(expected, "folded")) {
        compareOutcome(comparison, recording, objectAt(expected, "folded"), response);
    } else if (has(expected, "assembled")) {
        compareOutcome(comparison, recording, objectAt(expected, "assembled"), response);
    } else if (has(expected, "raw") && !has(expected, "raw_error")) {
        QJsonObject raw = objectAt(objectAt(expected, "raw"), "last_response");
        raw.insert(QLatin1String("text"), member(objectAt(expected, "raw"), "delta_text"));
        compareOutcome(comparison, recording, raw, response);
    } else {
        compareError(comparison, recording, objectAt(expected, "error"), response);
    }
    return comparison.differences();
}

} // namespace luthien::test
