// SPDX-License-Identifier: Apache-2.0
#include "protocol/dialect.h"
#include "protocol/stream_framer.h"
#include "support/test_registry.h"

#include <QObject>
#include <QTest>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace luthien;
using namespace luthien::protocol;
using namespace luthien::test;
using conversation::StreamForm;

Q_DECLARE_METATYPE(luthien::conversation::StreamForm)

namespace {
struct Cut
{
    std::vector<std::string> data;
    std::string bytes; ///< of the events, joined
    bool isInside = false;
    bool isBroken = false;
};

/// Reads in pieces of that size; what an event's bytes are is kept as a caller would.
Cut cut(StreamForm form, std::string_view stream, std::size_t size)
{
    Cut result;
    StreamFramer framer(form, 256);
    std::string open;
    for (std::size_t at = 0; at < stream.size() && !result.isBroken; at += size) {
        const std::string piece(stream.substr(at, size));
        for (std::string_view rest = piece; !rest.empty() && !result.isBroken;) {
            const StreamFramer::Step step = framer.parse(rest);
            open += rest.substr(0, step.consumed);
            rest.remove_prefix(step.consumed);
            result.isBroken = step.state == StreamFramer::State::TooLarge;
            if (step.state != StreamFramer::State::Event)
                continue;
            result.data.emplace_back(step.event.data);
            result.bytes += std::exchange(open, {});
        }
    }
    result.isInside = framer.isInsideEvent();
    if (const auto last = framer.finish(); last.state == StreamFramer::State::Event)
        result.data.emplace_back(last.event.data);
    return result;
}

std::string joined(const std::vector<std::string>& list)
{
    std::string text;
    for (const std::string& each : list)
        text += "<" + each + ">";
    return text;
}
} // namespace

class TestStreamFramer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void streamsAreCutAlikeHoweverTheyCome_data()
    {
        QTest::addColumn<StreamForm>("form");
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<bool>("isInside");
        const auto row = [](const char* name, StreamForm form, const char* stream, const char* data, bool isInside) {
            QTest::newRow(name) << form << QByteArray(stream) << QByteArray(data) << isInside;
        };
        row("events", StreamForm::EventStream, "data: {}\r\n\r\n: x\n\ndata: 1\n\n", "<{}><><1>", false);
        row("lines", StreamForm::Lines, "{\"a\":1}\n{\"b\":2}\n", "<{\"a\":1}><{\"b\":2}>", false);
        row("lines with CR LF, blanks before them and empty ones between", StreamForm::Lines, " {}\r\n\n \n{}\n",
            "<{}><{}>", false);
        row("a last line without its end", StreamForm::Lines, "{}\n{\"done\":true}", "<{}><{\"done\":true}>", true);
        row("two objects on a line are one event", StreamForm::Lines, "{} {}\n", "<{} {}>", false);
        row("a list", StreamForm::List, "[{\"a\":1}\n,\r\n{\"b\":2}\n]", "<{\"a\":1}><{\"b\":2}><>", false);
        row("a list with brackets and quotes in its texts", StreamForm::List, "[{\"a\":\"]}\\\"{[\"},{\"b\":[{}]}]",
            "<{\"a\":\"]}\\\"{[\"}><{\"b\":[{}]}><>", false);
        row("an empty list", StreamForm::List, " [ ]\n", "<>", false);
        row("a list that is cut between elements", StreamForm::List, "[{}\n", "<{}>", true);
        row("a list that is cut in an element", StreamForm::List, "[{},{\"a\"", "<{}>", true);
        row("an object instead of a list", StreamForm::List, "{\"error\":{}}", "<{\"error\":{}}>", false);
    }
    void streamsAreCutAlikeHoweverTheyCome()
    {
        QFETCH(StreamForm, form);
        QFETCH(QByteArray, stream);
        QFETCH(QByteArray, data);
        QFETCH(bool, isInside);
        for (std::size_t size = 1; size <= std::size_t(stream.size()); ++size) {
            const Cut result = cut(form, stream.toStdString(), size);
            QCOMPARE(joined(result.data), data.toStdString());
            QVERIFY(stream.toStdString().starts_with(result.bytes));
            QCOMPARE(result.isInside, isInside);
            QVERIFY(!result.isBroken);
        }
    }

    void whatIsNoListIsNotRead_data()
    {
        QTest::addColumn<QByteArray>("stream");
        for (const char* stream : {"[{}{}]", "[,{}]", "[{},,{}]", "[{},]", "[1]", "[\"a\"]", "[[{}]]", "[{}]{}",
                                   "[{}],", "null", "{}{}", "[{}]]"})
            QTest::newRow(stream) << QByteArray(stream);
        QTest::newRow("an element that is too large") << "[{\"a\":\"" + QByteArray(300, 'x') + "\"}]";
    }
    void whatIsNoListIsNotRead()
    {
        QFETCH(QByteArray, stream);
        for (const std::size_t size : {std::size_t{1}, std::size_t{3}, std::size_t{1000}})
            QVERIFY(cut(StreamForm::List, stream.toStdString(), size).isBroken);
    }

    void aLineThatIsTooLargeIsNotRead()
    {
        const std::string stream(300, 'x');
        QVERIFY(cut(StreamForm::Lines, stream, 1).isBroken);
        QVERIFY(cut(StreamForm::Lines, stream + "\n", 1000).isBroken);
    }

    void anErrorOfOursEndsAStreamSoThatItCanBeRead_data()
    {
        QTest::addColumn<conversation::Api>("api");
        QTest::addColumn<StreamForm>("form");
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<bool>("canBeSaid");
        const auto row = [](const char* name, conversation::Api api, StreamForm form, const char* before,
                            bool canBeSaid = true) {
            QTest::newRow(name) << api << form << QByteArray(before) << canBeSaid;
        };
        using conversation::Api;
        row("an event stream", Api::Gemini, StreamForm::EventStream, "data: {}\n\n");
        row("an event stream that was cut", Api::Gemini, StreamForm::EventStream, "data: {}\n\ndata: {");
        row("lines", Api::Ollama, StreamForm::Lines, "{}\n ");
        row("a cut line", Api::Ollama, StreamForm::Lines, "{}\n{\"mess");
        row("a list that has not begun", Api::Gemini, StreamForm::List, " ");
        row("a list", Api::Gemini, StreamForm::List, "[{}\n ");
        row("a list behind its comma", Api::Gemini, StreamForm::List, "[{}\n,\n");
        row("an empty list", Api::Gemini, StreamForm::List, "[");
        row("a list that was cut in an element", Api::Gemini, StreamForm::List, "[{\"a", false);
        row("a list that is closed", Api::Gemini, StreamForm::List, "[{}]", false);
    }
    void anErrorOfOursEndsAStreamSoThatItCanBeRead()
    {
        QFETCH(conversation::Api, api);
        QFETCH(StreamForm, form);
        QFETCH(QByteArray, before);
        QFETCH(bool, canBeSaid);
        StreamFramer framer(form);
        for (std::string_view rest(before.constData(), std::size_t(before.size())); !rest.empty();)
            rest.remove_prefix(framer.parse(rest).consumed);
        const Dialect& dialect = dialectFor(api);
        const std::string ending = framer.errorEnding(dialect, 502, "upstream_closed", "It broke off.");
        QCOMPARE(!ending.empty(), canBeSaid);
        if (!canBeSaid)
            return;
        const auto decoder = dialect.makeDecoder();
        std::string error;
        StreamFramer whole(form);
        const std::string stream = before.toStdString() + ending;
        for (std::string_view rest = stream; !rest.empty();) {
            const auto step = whole.parse(rest);
            rest.remove_prefix(step.consumed);
            for (const auto& event : decoder->decode(step.event.type, step.event.data))
                error = event.kind == conversation::EventKind::Error ? std::string(event.text) : error;
        }
        QCOMPARE(error, std::string("It broke off."));
        QVERIFY(!whole.isInsideEvent());
        if (form == StreamForm::List)
            QVERIFY(stream.ends_with("\n]") || stream.ends_with("}]"));
    }
};

LUTHIEN_TEST(tst_stream_framer, TestStreamFramer)
#include "tst_stream_framer.moc"
