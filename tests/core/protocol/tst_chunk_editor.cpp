// SPDX-License-Identifier: Apache-2.0
#include "conversation/response.h"
#include "core/protocol/editing.h"
#include "protocol/chunk_editor.h"
#include "protocol/dialect.h"
#include "protocol/stream_checker.h"
#include "protocol/stream_framer.h"
#include "support/corpus.h"
#include "support/test_registry.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::protocol;
using namespace luthien::test;

Q_DECLARE_METATYPE(luthien::conversation::Api)

namespace {

using Form = std::optional<StreamForm>;

/// Answers that Gemini's and Ollama's editors must carry out, late if wanted.
class Answers final : public ScriptedReview
{
public:
    std::function<ToolAnswer(const ToolCall&, std::size_t)> answer;
    bool isTextPending = false;
    std::string thoughts;

    bool watchesThinking() const override { return true; }
    void thinking(std::uint32_t, std::uint32_t, std::string_view part) override { thoughts += part; }
    std::optional<ToolAnswer> tool(const ToolCall& call) override
    {
        const auto plain = ScriptedReview::tool(call);
        if (!plain || !answer || call.executor != Executor::Client)
            return plain;
        const auto found = std::ranges::find_if(clientCalls, [&call](const Asked& asked) {
            return asked.choice == call.choice && asked.block == call.block;
        });
        return answer(call, static_cast<std::size_t>(found - clientCalls.begin()));
    }
    bool textEnd(std::uint32_t choice, std::uint32_t block, std::string& out) override
    {
        return !isTextPending && ScriptedReview::textEnd(choice, block, out);
    }
};

/// Everything through an editor of that form, event by event; what client and checker make of it.
struct Edited
{
    Collected out;
    Response response;
    std::string failure;
    std::string breach;
};

Response readReply(Api api, Form form, std::string_view bytes, std::string* breach = nullptr)
{
    ResponseAssembler assembler;
    const auto note = [breach](const Result<void>& result) {
        if (breach && breach->empty() && !result)
            *breach = result.error().toString();
    };
    if (!form) {
        std::vector<StreamEvent> events;
        const auto decoder = dialectFor(api).decodeBody(bytes, events);
        for (const StreamEvent& event : events)
            assembler.apply(event);
        return assembler.response();
    }
    const auto decoder = dialectFor(api).makeDecoder();
    const auto checker = makeStreamChecker(api);
    StreamFramer framer(*form);
    for (std::string_view rest = bytes; !rest.empty();) {
        const auto step = framer.parse(rest);
        rest.remove_prefix(step.consumed);
        if (step.state == StreamFramer::State::TooLarge)
            note(Error{ErrorCode::InvalidInput, "cannot be cut into events", {}});
        if (step.state != StreamFramer::State::Event || !step.event.hasData)
            continue;
        note(checker->event(step.event.type, step.event.data));
        for (const StreamEvent& event : decoder->decode(step.event.type, step.event.data))
            assembler.apply(event);
    }
    note(checker->end());
    if (framer.isInsideEvent())
        note(Error{ErrorCode::InvalidInput, "ends inside of an event", {}});
    return assembler.response();
}

Result<void> feedAll(ReplyEditor& editor, Form form, std::string_view bytes, Collected& out)
{
    if (!form)
        return editor.event({.type = {}, .data = bytes, .bytes = bytes}, out);
    StreamFramer framer(*form);
    std::string open;
    while (!bytes.empty()) {
        const auto step = framer.parse(bytes);
        open += bytes.substr(0, step.consumed);
        bytes.remove_prefix(step.consumed);
        if (step.state != StreamFramer::State::Event)
            continue;
        if (Result<void> fed = editor.event(
                {.type = step.event.type, .data = step.event.data, .bytes = open, .hasData = step.event.hasData}, out);
            !fed)
            return fed;
        open.clear();
    }
    if (!open.empty())
        return editor.event({.type = {}, .data = {}, .bytes = open, .hasData = false}, out);
    return {};
}

Edited editReply(Api api, Form form, Answers& review, std::string_view bytes)
{
    Edited edited;
    const auto editor = makeChunkEditor(api, review, form);
    Result<void> result = feedAll(*editor, form, bytes, edited.out);
    if (result && review.isPending) {
        review.isPending = false;
        result = editor->resume(edited.out);
    }
    if (result && review.isTextPending) {
        review.isTextPending = false;
        result = editor->resume(edited.out);
    }
    if (result)
        result = editor->end(edited.out);
    if (!result)
        edited.failure = result.error().toString();
    edited.response = readReply(api, form, edited.out.bytes, &edited.breach);
    return edited;
}

std::vector<const Block*> blocksOf(const Response& response, BlockKind kind)
{
    std::vector<const Block*> found;
    for (const Block& block : response.blocks) {
        if (block.kind == kind && block.executor == Executor::Client)
            found.push_back(&block);
    }
    return found;
}

std::string joined(const Response& response, BlockKind kind)
{
    std::string text;
    for (const Block* block : blocksOf(response, kind))
        text += block->text;
    return text;
}

std::string upper(std::string text)
{
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return c < 0x80 ? char(std::toupper(c)) : char(c); });
    return text;
}

/// The recordings have no reply of Ollama's with several calls in a stream.
CorpusCase ollamaCalls()
{
    CorpusCase made;
    made.id = "ollama/two calls, made by hand";
    made.api = Api::Ollama;
    made.kind = "ndjson";
    made.bytes =
        R"({"model":"m","created_at":"t","message":{"role":"assistant","content":"","thinking":"Hm."},"done":false})"
        "\n"
        R"({"model":"m","created_at":"t","message":{"role":"assistant","content":"I look."},"done":false})"
        "\n"
        R"({"model":"m","created_at":"t","message":{"role":"assistant","content":"","tool_calls":[{"id":"c1","function":{"index":0,"name":"one","arguments":{"a":1}}},{"id":"c2","function":{"index":1,"name":"two","arguments":{"b":[2]}}}]},"done":false})"
        "\n"
        R"({"model":"m","created_at":"t","message":{"role":"assistant","content":" Then."},"done":false})"
        "\n"
        R"({"model":"m","created_at":"t","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":5,"eval_count":7})"
        "\n";
    return made;
}

} // namespace

class TestChunkEditor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        for (CorpusCase& each : loadCorpus()) {
            const bool isOurs = each.api == Api::Gemini || each.api == Api::Ollama;
            if (isOurs && (each.form() || each.kind == "body"))
                m_cases.push_back(std::move(each));
        }
        m_cases.push_back(ollamaCalls());
        QVERIFY(m_cases.size() > 18);
    }

    void whatIsAllowedLeavesByteForByte_data() { addRows(); }
    void whatIsAllowedLeavesByteForByte()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        for (const bool isLate : {false, true}) {
            Answers review;
            review.edits = true;
            review.isPending = review.isTextPending = isLate;
            const Edited edited = editReply(recording.api, recording.form(), review, recording.bytes);
            QCOMPARE(edited.failure, std::string());
            QVERIFY2(edited.out.bytes == recording.bytes, edited.out.bytes.c_str());
            QCOMPARE(edited.out.lost + edited.out.puts, std::size_t{0});
            const Response before = readReply(recording.api, recording.form(), recording.bytes);
            QCOMPARE(review.clientCalls.size(), blocksOf(before, BlockKind::ToolUse).size());
            QCOMPARE(review.thoughts, joined(before, BlockKind::Thinking));
        }
    }

    void blockedCallsBecomeText_data() { addRows(); }
    void blockedCallsBecomeText()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        const Response before = readReply(recording.api, recording.form(), recording.bytes);
        const std::size_t count = blocksOf(before, BlockKind::ToolUse).size();
        for (std::size_t blocked = 0; blocked <= count && count > 0; ++blocked) { // each one alone, then all
            Answers review;
            review.isPending = true;
            review.blocks = [&](std::size_t place) { return place == blocked || blocked == count; };
            const Edited edited = editReply(recording.api, recording.form(), review, recording.bytes);
            QCOMPARE(edited.failure, std::string());
            QCOMPARE(edited.breach, std::string());
            QCOMPARE(edited.out.kept + edited.out.lost, recording.bytes.size());
            const auto calls = blocksOf(edited.response, BlockKind::ToolUse);
            QCOMPARE(calls.size(), blocked == count ? 0 : count - 1);
            const std::size_t named = blocked == count ? 0 : blocked;
            QVERIFY(
                joined(edited.response, BlockKind::Text).find("Blocked \"" + review.clientCalls[named].name + "\".") !=
                std::string::npos);
            QCOMPARE(joined(edited.response, BlockKind::Thinking), joined(before, BlockKind::Thinking));
            QVERIFY(edited.response.usage == before.usage);
            QCOMPARE(edited.response.stopReason == StopReason::ToolUse,
                     !calls.empty() && before.stopReason == StopReason::ToolUse);
        }
    }

    void argumentsAreReplaced_data() { addRows(); }
    void argumentsAreReplaced()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        Answers review;
        review.answer = [](const ToolCall&, std::size_t place) {
            ToolAnswer answer;
            if (place == 0)
                answer.arguments = R"({"safe":[1,"ü"]})";
            return answer;
        };
        const Edited edited = editReply(recording.api, recording.form(), review, recording.bytes);
        QCOMPARE(edited.failure, std::string());
        QCOMPARE(edited.breach, std::string());
        const Response before = readReply(recording.api, recording.form(), recording.bytes);
        const auto was = blocksOf(before, BlockKind::ToolUse);
        const auto calls = blocksOf(edited.response, BlockKind::ToolUse);
        QCOMPARE(calls.size(), was.size());
        for (std::size_t i = 0; i < calls.size(); ++i) {
            QCOMPARE(calls[i]->name, was[i]->name);
            QCOMPARE(calls[i]->id, was[i]->id);
            const auto parsed = [](const std::string& json) {
                return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
            };
            QCOMPARE(parsed(calls[i]->text), parsed(i == 0 ? R"({"safe":[1,"ü"]})" : was[i]->text));
        }
    }

    void argumentsThatAreNoObjectAreRefused()
    {
        for (const CorpusCase& recording : m_cases) {
            Answers review;
            review.answer = [](const ToolCall&, std::size_t) {
                ToolAnswer answer;
                answer.arguments = "[1]";
                return answer;
            };
            const Edited edited = editReply(recording.api, recording.form(), review, recording.bytes);
            QCOMPARE(!edited.failure.empty(), !review.clientCalls.empty());
        }
    }

    /// What comes behind the first call is left out; what the provider counted stays.
    void aBlockedCallMayEndTheReply_data() { addRows(); }
    void aBlockedCallMayEndTheReply()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        Answers review;
        review.answer = [](const ToolCall&, std::size_t place) {
            return ToolAnswer{.isBlocked = place == 0, .notice = "No.", .onBlock = OnBlock::End};
        };
        const Edited edited = editReply(recording.api, recording.form(), review, recording.bytes);
        QCOMPARE(edited.failure, std::string());
        QCOMPARE(edited.breach, std::string());
        const Response before = readReply(recording.api, recording.form(), recording.bytes);
        QVERIFY(edited.response.usage == before.usage);
        if (review.clientCalls.empty())
            return;
        QVERIFY(blocksOf(edited.response, BlockKind::ToolUse).empty());
        QVERIFY(joined(edited.response, BlockKind::Text).ends_with("No."));
        QCOMPARE(edited.response.stopReason, StopReason::EndTurn);
    }

    void textIsReplaced_data() { addRows(); }
    void textIsReplaced()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        const Response before = readReply(recording.api, recording.form(), recording.bytes);
        for (const bool isLate : {false, true}) {
            Answers review;
            review.edits = true;
            review.isTextPending = isLate;
            review.rewrite = [](const std::string& text) { return "<" + upper(text) + ">"; };
            const Edited edited = editReply(recording.api, recording.form(), review, recording.bytes);
            QCOMPARE(edited.failure, std::string());
            QCOMPARE(edited.breach, std::string());
            std::string wanted;
            for (const Block* block : blocksOf(before, BlockKind::Text))
                wanted += "<" + upper(block->text) + ">";
            QCOMPARE(joined(edited.response, BlockKind::Text), wanted);
            QCOMPARE(joined(edited.response, BlockKind::Thinking), joined(before, BlockKind::Thinking));
            QCOMPARE(edited.response.rawStopReason, before.rawStopReason);
            QVERIFY(edited.response.usage == before.usage);
        }
    }

    void noPartOfAHeldCallLeaves()
    {
        for (const CorpusCase& recording : m_cases) {
            Answers review;
            review.isPending = true;
            Collected out;
            const auto editor = makeChunkEditor(recording.api, review, recording.form());
            QVERIFY(feedAll(*editor, recording.form(), recording.bytes, out).hasValue());
            QCOMPARE(editor->isHolding(), !review.clientCalls.empty());
            QCOMPARE(editor->heldBytes() > 0, !review.clientCalls.empty());
            if (review.clientCalls.empty())
                continue;
            QVERIFY(out.bytes.find("functionCall") == std::string::npos);
            QVERIFY(out.bytes.find("tool_calls") == std::string::npos);
            QVERIFY(!editor->end(out));
        }
    }

    /// The signature of what is blocked stays on its part; the call that is the first one then gets the placeholder.
    void signaturesStayOnTheirParts()
    {
        Answers review;
        review.blocks = [](std::size_t place) { return place == 0; };
        const std::string body =
            R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":"a","args":{}},"thoughtSignature":"c2ln"},{"functionCall":{"name":"b","args":{}}},{"functionCall":{"name":"c","args":{}}}],"role":"model"},"finishReason":"STOP"}],"modelVersion":"gemini-3-pro"})";
        const auto partsOf = [](const Edited& edited) {
            const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(edited.out.bytes)).object();
            return json[u"candidates"][0][u"content"][u"parts"].toArray();
        };
        const Edited edited = editReply(Api::Gemini, std::nullopt, review, body);
        const QJsonArray parts = partsOf(edited);
        QCOMPARE(parts.size(), 3);
        QCOMPARE(parts[0][u"text"].toString(), QStringLiteral("Blocked \"a\"."));
        QCOMPARE(parts[0][u"thoughtSignature"].toString(), QStringLiteral("c2ln"));
        QCOMPARE(QByteArray::fromBase64(parts[1][u"thoughtSignature"].toString().toLatin1()),
                 QByteArray("skip_thought_signature_validator"));
        QVERIFY(!parts[2].toObject().contains(QStringLiteral("thoughtSignature")));
        Answers older;
        older.blocks = review.blocks;
        std::string without = body;
        without.replace(without.find("gemini-3-pro"), 12, "gemini-2.5-x");
        QVERIFY(!partsOf(editReply(Api::Gemini, std::nullopt, older, without))[1].toObject().contains(
            QStringLiteral("thoughtSignature")));
    }

    void candidatesAreJudgedEachForItself()
    {
        const std::string stream =
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"A\"},{\"functionCall\":{\"name\":\"x\"}}]},"
            "\"index\":0,\"finishReason\":\"STOP\"},{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"y\"}},"
            "{\"text\":\"B\"}]},\"index\":1,\"finishReason\":\"STOP\"}]}\r\n\r\n";
        Answers review;
        review.answer = [](const ToolCall& call, std::size_t) {
            return ToolAnswer{.isBlocked = call.choice == 0, .notice = "No.", .onBlock = OnBlock::End};
        };
        const Edited edited = editReply(Api::Gemini, StreamForm::EventStream, review, stream);
        QCOMPARE(edited.failure + edited.breach, std::string());
        const auto calls = blocksOf(edited.response, BlockKind::ToolUse);
        QCOMPARE(calls.size(), std::size_t{1});
        QCOMPARE(calls[0]->choice, std::uint32_t{1});
        QCOMPARE(joined(edited.response, BlockKind::Text), std::string("A\n\nNo.B"));
    }

    void anErrorEndsTheWait()
    {
        Answers review;
        review.isPending = true;
        Collected out;
        const auto editor = makeChunkEditor(Api::Gemini, review, StreamForm::List);
        const std::string stream =
            "[{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"x\"}}]}}]}\n,\n"
            "{\"error\":{\"code\":503,\"message\":\"Down.\",\"status\":\"UNAVAILABLE\"}}\n]";
        QVERIFY(feedAll(*editor, StreamForm::List, stream, out).hasValue());
        QVERIFY(editor->end(out).hasValue());
        QCOMPARE(out.bytes,
                 std::string("[{\"error\":{\"code\":503,\"message\":\"Down.\",\"status\":\"UNAVAILABLE\"}}\n]"));
    }

    void whatCouldBeReadInTwoWaysIsRefused_data()
    {
        QTest::addColumn<Api>("api");
        QTest::addColumn<QByteArray>("body");
        const auto gemini = [](const char* name, const QByteArray& part) {
            QTest::addRow("Gemini: %s", name)
                << Api::Gemini << QByteArray("{\"candidates\":[{\"content\":{\"parts\":[" + part + "]}}]}");
        };
        gemini("a member that comes twice", R"({"functionCall":{"name":"a","name":"b"}})");
        gemini("a lone surrogate", R"({"text":"\ud800"})");
        gemini("a part that is two things", R"({"text":"x","functionCall":{"name":"a"}})");
        gemini("a call under its other name", R"({"function_call":{"name":"a"}})");
        gemini("a call within a call", R"({"functionCall":{"name":"a","more":{"functionCall":{"name":"b"}}}})");
        gemini("a call without a name", R"({"functionCall":{"args":{}}})");
        gemini("arguments that are a text", R"({"functionCall":{"name":"a","args":"{}"}})");
        gemini("arguments in both ways",
               R"({"functionCall":{"name":"a","args":{},"partialArgs":[{"jsonPath":"$.a","boolValue":true}]}})");
        gemini("a call that is no object", R"({"functionCall":"a"})");
        gemini("a part that is no object", R"("functionCall")");
        gemini("a text that is none", R"({"text":["x"]})");
        gemini("a thought that is neither true nor false", R"({"text":"x","thought":"false"})");
        gemini(
            "an argument twice",
            R"({"functionCall":{"name":"a","willContinue":true,"partialArgs":[{"jsonPath":"$.a","stringValue":"x"},{"jsonPath":"$.a","stringValue":"y"}]}})");
        gemini(
            "a gap in a list",
            R"({"functionCall":{"name":"a","willContinue":true,"partialArgs":[{"jsonPath":"$.a[7]","stringValue":"x"}]}})");
        const auto row = [](const char* name, Api api, const char* body) {
            QTest::newRow(name) << api << QByteArray(body);
        };
        row("Gemini: a call beside the candidates", Api::Gemini, R"({"candidates":[],"functionCalls":[{"name":"a"}]})");
        row("Gemini: two candidates of one number", Api::Gemini,
            R"({"candidates":[{"index":0,"content":{"parts":[{"text":"a"}]}},{"index":0,"content":{"parts":[{"text":"b"}]}}]})");
        row("Gemini: candidates that are no list", Api::Gemini, R"({"candidates":{"content":{}}})");
        row("Gemini: an end within a call", Api::Gemini,
            R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":"a","willContinue":true}}]},"finishReason":"STOP"}]})");
        row("trailing bytes", Api::Gemini, R"({"candidates":[]} x)");
        row("no object", Api::Ollama, R"([{"message":{}}])");
        row("Ollama: calls beside the message", Api::Ollama,
            R"({"tool_calls":[],"message":{"content":""},"done":true})");
        row("Ollama: arguments that are a text", Api::Ollama,
            R"({"message":{"tool_calls":[{"function":{"name":"a","arguments":"{}"}}]},"done":true})");
        row("Ollama: a call without a name", Api::Ollama,
            R"({"message":{"tool_calls":[{"function":{}}]},"done":true})");
        row("Ollama: calls that are no list", Api::Ollama,
            R"({"message":{"tool_calls":{"function":{"name":"a"}}},"done":true})");
        for (const char* spelling : {"Tool_Calls", "TOOL_CALLS", "tool_call\xC5\xBF"})
            QTest::addRow("Ollama: calls that a client in Go would find in %s", spelling)
                << Api::Ollama
                << QByteArray(R"({"message":{"SPELLING":[{"function":{"name":"f","arguments":{}}}]},"done":true})")
                       .replace("SPELLING", spelling);
        row("Ollama: a message in other letters", Api::Ollama,
            R"({"message":{"content":"a"},"Message":{"content":"b"},"done":true})");
        row("Ollama: a call's name in other letters", Api::Ollama,
            R"({"message":{"tool_calls":[{"function":{"name":"f","NAME":"g","arguments":{}}}]},"done":true})");
        row("Ollama: a call's arguments in other letters", Api::Ollama,
            R"({"message":{"tool_calls":[{"function":{"name":"f","arguments":{},"Arguments":{"a":1}}}]},"done":true})");
        row("Ollama: two texts", Api::Ollama, R"({"message":{"content":"a"},"response":"b","done":true})");
        row("Ollama: neither done nor not", Api::Ollama, R"({"message":{"content":"a"},"done":"true"})");
        row("Ollama: a text that is none", Api::Ollama, R"({"message":{"content":["a"]},"done":true})");
    }
    void whatCouldBeReadInTwoWaysIsRefused()
    {
        QFETCH(Api, api);
        QFETCH(QByteArray, body);
        Answers review;
        review.edits = true;
        Collected out;
        const auto editor = makeChunkEditor(api, review, std::nullopt);
        QVERIFY(!feedAll(*editor, std::nullopt, body.toStdString(), out));
        QCOMPARE(out.bytes, std::string());
    }

    void nothingFollowsTheEnd_data()
    {
        QTest::addColumn<Api>("api");
        QTest::addColumn<QByteArray>("stream");
        QTest::newRow("Gemini") << Api::Gemini
                                << QByteArray("data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\ndata: "
                                              "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]}}]}\n\n");
        QTest::newRow("Gemini's clients know no [DONE]") << Api::Gemini << QByteArray("data: [DONE]\n\n");
        QTest::newRow("Ollama") << Api::Ollama
                                << QByteArray("{\"message\":{},\"done\":true}\n{\"message\":{},\"done\":true}\n");
    }
    void nothingFollowsTheEnd()
    {
        QFETCH(Api, api);
        QFETCH(QByteArray, stream);
        Answers review;
        Collected out;
        const Form form = api == Api::Ollama ? StreamForm::Lines : StreamForm::EventStream;
        const auto editor = makeChunkEditor(api, review, form);
        QVERIFY(!feedAll(*editor, form, stream.toStdString(), out));
    }

    void aListThatIsNoneIsRefused()
    {
        Answers review;
        Collected out;
        const auto editor = makeChunkEditor(Api::Gemini, review, StreamForm::List);
        QVERIFY(!feedAll(*editor, StreamForm::List, "{\"candidates\":[]}", out));
    }

private:
    void addRows() const
    {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < m_cases.size(); ++i)
            QTest::newRow(m_cases[i].id.c_str()) << i;
    }

    std::vector<CorpusCase> m_cases;
};

LUTHIEN_TEST(tst_chunk_editor, TestChunkEditor)
#include "tst_chunk_editor.moc"
