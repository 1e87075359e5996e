// SPDX-License-Identifier: Apache-2.0
#include "conversation/response.h"
#include "core/protocol/editing.h"
#include "protocol/dialect.h"
#include "support/corpus.h"
#include "support/stream_checker.h"
#include "support/test_registry.h"

#include <QJsonDocument>

#include <algorithm>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::protocol;
using namespace luthien::test;

namespace {

QByteArray rowName(const CorpusCase& recording)
{
    return QByteArray::fromStdString(recording.id);
}

/// What a client makes of a stream.
Response readStream(Api api, std::string_view bytes)
{
    const auto decoder = dialectFor(api).makeDecoder();
    ResponseAssembler assembler;
    for (const SentEvent& sent : splitEvents(bytes)) {
        for (const StreamEvent& event : decoder->decode(sent.type, sent.data))
            assembler.apply(event);
    }
    return assembler.response();
}

Response readBody(Api api, std::string_view bytes)
{
    std::vector<StreamEvent> events;
    const auto decoder = dialectFor(api).decodeBody(bytes, events);
    ResponseAssembler assembler;
    for (const StreamEvent& event : events)
        assembler.apply(event);
    return assembler.response();
}

/// Gemini and Ollama have a JSON object where the others have a text: blanks in it mean nothing.
std::string argumentsOf(Api api, const std::string& text)
{
    if (api != Api::Gemini && api != Api::Ollama)
        return text;
    return QJsonDocument::fromJson(QByteArray::fromStdString(text)).toJson(QJsonDocument::Compact).toStdString();
}

std::vector<std::string> clientCallsOf(Api api, const Response& response)
{
    std::vector<std::string> calls;
    for (const Block& block : response.blocks) {
        if (block.kind == BlockKind::ToolUse && block.executor == Executor::Client)
            calls.push_back(block.id + " " + block.name + " " + argumentsOf(api, block.text));
    }
    return calls;
}

std::string textOf(const Response& response)
{
    std::string text;
    for (const Block& block : response.blocks) {
        if (block.kind == BlockKind::Text && !block.isRefusal)
            text += block.text;
    }
    return text;
}

std::string thinkingOf(const Response& response)
{
    std::string text;
    for (const Block& block : response.blocks) {
        if (block.kind == BlockKind::Thinking)
            text += block.text;
    }
    return text;
}

QString breachOf(const CorpusCase& recording, const std::string& bytes)
{
    return breach(recording.api, splitReply(recording.kind, bytes));
}

std::string upper(std::string text)
{
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return c < 0x80 ? char(std::toupper(c)) : char(c); });
    return text;
}

} // namespace

class TestReplyEditing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_cases = loadCorpus(); }

    void whatIsAllowedLeavesByteForByte_data() { addRows("sse"); }
    void whatIsAllowedLeavesByteForByte()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        ScriptedReview review;
        review.edits = true;
        Collected out;
        const auto result = edit(recording.api, review, recording.bytes, out);
        QVERIFY2(result, result ? "" : result.error().toString().c_str());
        QVERIFY(out.bytes == recording.bytes);
        QCOMPARE(out.kept, recording.bytes.size());
        QCOMPARE(out.lost + out.puts, std::size_t{0});
        QCOMPARE(review.clientCalls.size(),
                 clientCallsOf(recording.api, readStream(recording.api, recording.bytes)).size());
    }

    void answersMayComeLate_data() { addRows("sse"); }
    void answersMayComeLate()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        ScriptedReview review;
        review.isPending = true;
        Collected out;
        const auto editor = makeStreamEditor(recording.api, review);
        const auto fed = feed(*editor, recording.bytes, out);
        QVERIFY2(fed, fed ? "" : fed.error().toString().c_str());
        QCOMPARE(editor->isHolding(), !review.clientCalls.empty());
        QCOMPARE(editor->heldBytes() > 0, !review.clientCalls.empty());
        QVERIFY(clientCallsOf(recording.api, readStream(recording.api, out.bytes)).empty());
        QVERIFY(review.clientCalls.empty() || !editor->end(out));
        review.isPending = false;
        QVERIFY(editor->resume(out).hasValue());
        QVERIFY(editor->end(out).hasValue());
        QVERIFY(!editor->isHolding());
        QCOMPARE(editor->heldBytes(), std::size_t{0});
        QVERIFY(out.bytes == recording.bytes);
    }

    void blockedCallsBecomeText_data()
    {
        QTest::addColumn<std::size_t>("index");
        QTest::addColumn<QByteArray>("which");
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            if (!m_cases[i].isSse() || !canEdit(m_cases[i].api))
                continue;
            const std::size_t calls =
                clientCallsOf(m_cases[i].api, readStream(m_cases[i].api, m_cases[i].bytes)).size();
            if (calls > 0)
                QTest::addRow("%s: all", rowName(m_cases[i]).constData()) << i << QByteArray("all");
            if (calls > 1) {
                QTest::addRow("%s: the first", rowName(m_cases[i]).constData()) << i << QByteArray("first");
                QTest::addRow("%s: the last", rowName(m_cases[i]).constData()) << i << QByteArray("last");
            }
        }
    }
    void blockedCallsBecomeText()
    {
        QFETCH(std::size_t, index);
        QFETCH(QByteArray, which);
        const CorpusCase& recording = m_cases[index];
        const Response before = readStream(recording.api, recording.bytes);
        const std::vector<std::string> calls = clientCallsOf(recording.api, before);
        const auto isBlocked = [&](std::size_t place) {
            return which == "all" || (which == "first" ? place == 0 : place + 1 == calls.size());
        };
        ScriptedReview review;
        review.blocks = isBlocked;
        Collected out;
        const auto result = edit(recording.api, review, recording.bytes, out);
        QVERIFY2(result, result ? "" : result.error().toString().c_str());
        QCOMPARE(out.kept + out.lost, recording.bytes.size());
        const Response after = readStream(recording.api, out.bytes);
        std::vector<std::string> left;
        std::size_t notices = 0;
        for (std::size_t i = 0; i < calls.size(); ++i) {
            if (!isBlocked(i))
                left.push_back(calls[i]);
            else
                notices += textOf(after).find("Blocked \"" + review.clientCalls[i].name + "\".") != std::string::npos;
        }
        QVERIFY(clientCallsOf(recording.api, after) == left);
        QCOMPARE(notices, calls.size() - left.size());
        if (left.empty()) // else the checker says what fits
            QVERIFY(after.stopReason != StopReason::ToolUse);
        QVERIFY(thinkingOf(after) == thinkingOf(before));
        QVERIFY(after.usage == before.usage);
        QVERIFY2(breachOf(recording, out.bytes).isEmpty(),
                 qPrintable(breachOf(recording, out.bytes) + u'\n' + QString::fromStdString(out.bytes)));
    }

    void textIsReplacedEverywhere_data() { addRows("sse"); }
    void textIsReplacedEverywhere()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        ScriptedReview review;
        review.edits = true;
        review.rewrite = [](const std::string& text) { return "<" + upper(text) + ">"; };
        Collected out;
        const auto result = edit(recording.api, review, recording.bytes, out);
        QVERIFY2(result, result ? "" : result.error().toString().c_str());
        const Response before = readStream(recording.api, recording.bytes);
        const Response after = readStream(recording.api, out.bytes);
        std::string expected;
        for (const Block& block : before.blocks) {
            if (block.kind == BlockKind::Text && !block.isRefusal && !block.text.empty())
                expected += "<" + upper(block.text) + ">";
        }
        QCOMPARE(QString::fromStdString(textOf(after)), QString::fromStdString(expected));
        QVERIFY(thinkingOf(after) == thinkingOf(before));
        QVERIFY(clientCallsOf(recording.api, after) == clientCallsOf(recording.api, before));
        QVERIFY(after.usage == before.usage);
        QVERIFY2(breachOf(recording, out.bytes).isEmpty(),
                 qPrintable(breachOf(recording, out.bytes) + u'\n' + QString::fromStdString(out.bytes)));
    }

    void wholeBodiesAreEditedAlike_data()
    {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            if (canEdit(m_cases[i].api) && m_cases[i].kind == "body")
                QTest::newRow(rowName(m_cases[i]).constData()) << i;
        }
    }
    void wholeBodiesAreEditedAlike()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        const ReplyEvent body{.type = {}, .data = recording.bytes, .bytes = recording.bytes};
        ScriptedReview pass;
        Collected same;
        QVERIFY(makeBodyEditor(recording.api, pass)->event(body, same).hasValue());
        QVERIFY(same.bytes == recording.bytes);
        QCOMPARE(same.kept, recording.bytes.size());

        ScriptedReview review;
        review.blocks = [](std::size_t) { return true; };
        review.isPending = true;
        review.edits = true;
        review.rewrite = upper;
        Collected out;
        const auto editor = makeBodyEditor(recording.api, review);
        const auto first = editor->event(body, out);
        QVERIFY2(first, first ? "" : first.error().toString().c_str());
        QCOMPARE(out.bytes.empty(), !review.clientCalls.empty());
        review.isPending = false;
        QVERIFY(editor->resume(out).hasValue());
        QVERIFY(editor->end(out).hasValue());
        const Response before = readBody(recording.api, recording.bytes);
        const Response after = readBody(recording.api, out.bytes);
        const std::vector<std::string> calls = clientCallsOf(recording.api, before);
        QCOMPARE(review.clientCalls.size(), calls.size());
        QVERIFY(clientCallsOf(recording.api, after).empty());
        QVERIFY(after.stopReason != StopReason::ToolUse);
        QVERIFY(after.usage == before.usage);
        for (const ScriptedReview::Asked& call : review.clientCalls) {
            QVERIFY(textOf(after).find("Blocked \"" + call.name + "\".") != std::string::npos);
            const auto isSame = [&call](const ScriptedReview::Asked& other) {
                return other.id == call.id && other.name == call.name && other.arguments == call.arguments;
            };
            QCOMPARE(
                std::ranges::count(calls, call.id + " " + call.name + " " + argumentsOf(recording.api, call.arguments)),
                std::ranges::count_if(review.clientCalls, isSame));
        }
        QVERIFY(textOf(after).find(upper(textOf(before)).substr(0, 40)) != std::string::npos);
    }

    void contentInPartsIsEditedAlike()
    {
        ScriptedReview review;
        review.edits = true;
        review.rewrite = upper;
        Collected out;
        const std::string bytes = R"({"choices":[{"index":0,"message":{"content":[{"type":"text","text":"a"},)"
                                  R"({"type":"text","text":"b"}]},"finish_reason":"stop"}]})";
        QVERIFY(makeBodyEditor(Api::OpenAiChat, review)->event({.type = {}, .data = bytes, .bytes = bytes}, out));
        QVERIFY2(out.bytes.find(R"("text":"A")") != std::string::npos, out.bytes.c_str());
        QVERIFY2(out.bytes.find(R"("text":"B")") != std::string::npos, out.bytes.c_str());
    }

    void errorBodiesPass_data()
    {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            if (canEdit(m_cases[i].api) && m_cases[i].kind == "error-body")
                QTest::newRow(rowName(m_cases[i]).constData()) << i;
        }
    }
    void errorBodiesPass()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        ScriptedReview review;
        review.edits = true;
        Collected out;
        const ReplyEvent body{.type = {}, .data = recording.bytes, .bytes = recording.bytes};
        QVERIFY(makeBodyEditor(recording.api, review)->event(body, out).hasValue());
        QVERIFY(out.bytes == recording.bytes);
    }

private:
    void addRows(const std::string& kind)
    {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            if (canEdit(m_cases[i].api) && m_cases[i].kind == kind)
                QTest::newRow(rowName(m_cases[i]).constData()) << i;
        }
    }

    std::vector<CorpusCase> m_cases;
};

LUTHIEN_TEST(tst_reply_editing, TestReplyEditing)
#include "tst_reply_editing.moc"
