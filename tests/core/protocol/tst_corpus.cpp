// SPDX-License-Identifier: Apache-2.0
#include "conversation/response.h"
#include "protocol/dialect.h"
#include "protocol/stream_framer.h"
#include "support/corpus.h"
#include "support/test_registry.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <functional>
#include <map>
#include <random>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::protocol;
using namespace luthien::test;

namespace {

/// Streams on which the official SDK itself gives up, and why. We read all of them.
const std::map<std::string, const char*> kSdkFailures = {
    {"openai-chat/groq-mid-stream-error", "the stream ends with an error event, which the SDK throws"},
    {"openai-chat/groq-compound-web", "no chunk names a role"},
    {"openai-chat/openrouter-kimi-tools", "a chunk's call has no type when the SDK wants one"},
    {"openai-chat/openrouter-error-in-chunk", "an error stands in the last chunk, which the SDK throws"},
    {"openai-chat/snowflake-quirk", "there is no finish_reason"},
    {"openai-responses/background-resume", "a resumed stream does not begin with response.created"},
    {"openai-responses/failed-quota", "the stream ends with an error event, which the SDK throws"},
    {"openai-responses/apply-patch", "the SDK does not know the patch events"},
};

QByteArray rowName(const CorpusCase& recording)
{
    return QByteArray::fromStdString(recording.id);
}

/// How a stream is cut into reads: the size of the read at a position.
using Splitter = std::function<std::size_t(std::size_t)>;

struct Reading
{
    Response response;
    std::size_t consumed = 0;
    std::size_t events = 0;
    std::string disorder; ///< the first breach of the order that decoders promise
    bool isComplete = false;
    bool sawGarbage = false;
    bool isInsideEvent = false;
};

/// Checks that block numbers appear in order without gaps, and that calls begin before they go on.
class OrderCheck
{
public:
    void add(const StreamEvent& event, std::string& disorder)
    {
        const bool ofTool = event.kind == EventKind::ToolArgs || event.kind == EventKind::ToolEnd;
        const bool ofBlock = ofTool || event.kind == EventKind::Text || event.kind == EventKind::Thinking ||
                             event.kind == EventKind::ToolStart || event.kind == EventKind::Opaque;
        if (!ofBlock)
            return;
        if (event.block > m_kinds.size())
            disorder = "block " + std::to_string(event.block) + " came before its predecessor";
        if (event.block < m_kinds.size()) {
            if (ofTool && m_kinds[event.block] != EventKind::ToolStart)
                disorder = "block " + std::to_string(event.block) + " goes on as a call but did not begin as one";
            return;
        }
        if (ofTool)
            disorder = "a call goes on that never began";
        m_kinds.push_back(event.kind);
    }

private:
    std::vector<EventKind> m_kinds;
};

Reading read(const CorpusCase& recording, const Splitter& sizeAt)
{
    Reading reading;
    StreamFramer framer(*recording.form());
    const auto decoder = dialectFor(recording.api).makeDecoder();
    ResponseAssembler assembler;
    OrderCheck order;
    const std::string_view bytes = recording.bytes;
    const auto take = [&](const SseEvent& event) {
        if (!event.hasData)
            return;
        ++reading.events;
        for (const StreamEvent& meaning : decoder->decode(event.type, event.data)) {
            order.add(meaning, reading.disorder);
            assembler.apply(meaning);
        }
    };
    for (std::size_t at = 0; at < bytes.size();) {
        // A copy of its own, so that a view kept for too long is seen by the sanitizers.
        const std::string input(bytes.substr(at, sizeAt(at)));
        at += input.size();
        for (std::string_view rest = input; !rest.empty();) {
            const StreamFramer::Step step = framer.parse(rest);
            rest.remove_prefix(step.consumed);
            reading.consumed += step.consumed;
            if (step.state == StreamFramer::State::Event)
                take(step.event);
        }
    }
    if (const StreamFramer::Step last = framer.finish(); last.state == StreamFramer::State::Event)
        take(last.event);
    reading.response = assembler.response();
    reading.isComplete = decoder->isComplete();
    reading.sawGarbage = decoder->sawGarbage();
    reading.isInsideEvent = framer.isInsideEvent();
    return reading;
}

void check(const CorpusCase& recording, const Splitter& splitter)
{
    const Reading reading = read(recording, splitter);
    const QStringList found = differences(recording, reading.response);
    QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    QCOMPARE(reading.consumed, recording.bytes.size());
    QCOMPARE(QString::fromStdString(reading.disorder), QString());
    QVERIFY(!reading.sawGarbage);
    QVERIFY(!reading.isInsideEvent);
    QVERIFY(reading.isComplete);
}

QJsonObject parsed(std::string_view json)
{
    return QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size()))).object();
}

class TestCorpus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_cases = loadCorpus(); }

    void everyKnownSdkFailureIsNamed()
    {
        for (const CorpusCase& recording : m_cases) {
            QCOMPARE(recording.didSdkFail(), kSdkFailures.contains(recording.id));
        }
    }

    void streamsReadAsTheSdksReadThem_data()
    {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            if (m_cases[i].form())
                QTest::newRow(rowName(m_cases[i]).constData()) << i;
        }
    }
    void streamsReadAsTheSdksReadThem()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        check(recording, [&](std::size_t) { return recording.bytes.size(); });
        check(recording, [](std::size_t) { return std::size_t{83}; });
        check(recording, [](std::size_t) { return std::size_t{1}; });
        std::minstd_rand random(static_cast<unsigned>(recording.bytes.size()));
        std::uniform_int_distribution<std::size_t> size(1, 700);
        check(recording, [&](std::size_t) { return size(random); });
    }

    void everySplitPointGivesTheSame_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QByteArray>("lineEnd");
        for (const char* id :
             {"anthropic-messages/tool-single", "openai-chat/mistral-tools", "openai-responses/text-gpt55"}) {
            QTest::addRow("%s with LF", id) << QString::fromLatin1(id) << QByteArray("\n");
            QTest::addRow("%s with CR LF", id) << QString::fromLatin1(id) << QByteArray("\r\n");
            QTest::addRow("%s with CR", id) << QString::fromLatin1(id) << QByteArray("\r");
        }
        for (const char* id : {"gemini/thinking-flash", "gemini/json-array-tools", "ollama/chat-stream"})
            QTest::addRow("%s", id) << QString::fromLatin1(id) << QByteArray("\n");
    }
    void everySplitPointGivesTheSame()
    {
        QFETCH(QString, id);
        QFETCH(QByteArray, lineEnd);
        CorpusCase recording;
        for (const CorpusCase& each : m_cases) {
            if (each.id == id.toStdString())
                recording = each;
        }
        recording.bytes = QByteArray::fromStdString(recording.bytes).replace("\n", lineEnd).toStdString();
        const std::size_t size = recording.bytes.size();
        for (std::size_t split = 1; split < size; ++split)
            check(recording, [&](std::size_t at) { return at == 0 ? split : size; });
    }

    void bodiesReadAsTheSdksReadThem_data() { addRows("body"); }
    void bodiesReadAsTheSdksReadThem() { checkBody(); }

    void errorBodiesBecomeErrors_data() { addRows("error-body"); }
    void errorBodiesBecomeErrors() { checkBody(); }

    void recordedRequestsAreCutIntoTheirMessages_data()
    {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            if (!m_cases[i].request.empty())
                QTest::newRow(rowName(m_cases[i]).constData()) << i;
        }
    }
    void recordedRequestsAreCutIntoTheirMessages()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        const Dialect& dialect = dialectFor(recording.api);
        const std::string path =
            "/v1beta/models/m:" + std::string(recording.form() ? "streamG" : "g") + "enerateContent";
        const Result<RequestView> view = dialect.parseRequest(path, recording.request);
        QVERIFY(view.hasValue());
        const QJsonObject request = parsed(recording.request);
        const bool isGemini = recording.api == Api::Gemini; // whose path says what others say in the body
        QCOMPARE(QString::fromStdString(view->model),
                 isGemini ? QStringLiteral("m") : request.value(QLatin1String("model")).toString());
        QCOMPARE(view->stream,
                 isGemini ? recording.form().has_value() : request.value(QLatin1String("stream")).toBool());
        QJsonValue messages;
        for (const char* name : {"messages", "input", "contents"}) {
            if (request.contains(QLatin1String(name)))
                messages = request.value(QLatin1String(name));
        }
        const QJsonArray list = messages.isArray() ? messages.toArray() : QJsonArray{messages};
        QCOMPARE(view->messages.size(), static_cast<std::size_t>(list.size()));
        std::size_t end = 0;
        for (std::size_t i = 0; i < view->messages.size(); ++i) {
            const Span span = view->messages[i];
            QVERIFY(span.offset >= end);
            end = span.offset + span.length;
            const std::string_view json = std::string_view(recording.request).substr(span.offset, span.length);
            if (messages.isArray())
                QCOMPARE(parsed(json), list.at(static_cast<qsizetype>(i)).toObject());
            std::vector<Block> blocks;
            std::ignore = dialect.parseMessage(json, blocks);
            QVERIFY(!blocks.empty());
        }
        QVERIFY(!view->preview.empty() || recording.id == "ollama/chat-tools"); // which asks for nothing new
        QVERIFY(view->preview.size() <= 200);
    }

private:
    void addRows(std::string_view kind) const
    {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            if (m_cases[i].kind == kind)
                QTest::newRow(rowName(m_cases[i]).constData()) << i;
        }
    }

    void checkBody() const
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        std::vector<StreamEvent> events;
        const auto decoder = dialectFor(recording.api).decodeBody(recording.bytes, events);
        ResponseAssembler assembler;
        OrderCheck order;
        std::string disorder;
        for (const StreamEvent& event : events) {
            order.add(event, disorder);
            assembler.apply(event);
        }
        const QStringList found = differences(recording, assembler.response());
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
        QCOMPARE(QString::fromStdString(disorder), QString());
        QVERIFY(decoder->isComplete());
        QVERIFY(!decoder->sawGarbage());
        QCOMPARE(assembler.response().error.empty(), recording.kind == "body");
    }

    std::vector<CorpusCase> m_cases;
};

} // namespace

LUTHIEN_TEST(tst_corpus, TestCorpus)
#include "tst_corpus.moc"
