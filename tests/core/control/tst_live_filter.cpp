// SPDX-License-Identifier: Apache-2.0
#include "control/live_filter.h"
#include "filter/parser.h"
#include "support/test_registry.h"

#include <QtTest>

namespace luthien::control {

using namespace conversation;

namespace {
const TimePoint kStart = fromMicros(1'700'000'000'000'000);

/// What passes, as a word each: "opened:a", "delta:a", "decided:a", "ended:a", "committed:ab".
class Feed
{
public:
    explicit Feed(const char* filter)
        : m_filter(*filter::parseFilter(filter), m_clock)
    {
    }

    QByteArray opened(char call, const char* model = "m")
    {
        return told(live::Opened{.call = id(call), .at = kStart, .model = model});
    }
    QByteArray delta(char call, EventKind kind, const char* text = "", const char* name = "")
    {
        return told(live::Delta{.call = id(call), .at = kStart, .kind = kind, .name = name, .text = text});
    }
    QByteArray usage(char call, std::int64_t output)
    {
        return told(live::Delta{.call = id(call), .at = kStart, .kind = EventKind::Usage, .usage = {.output = output}});
    }
    QByteArray decided(char call, Verdict verdict)
    {
        live::Decided event;
        event.decision.call = id(call);
        event.decision.verdict = verdict;
        return told(event);
    }
    QByteArray ended(char call, CallStatus status = CallStatus::Completed)
    {
        return told(live::Ended{.call = id(call), .at = kStart, .status = status});
    }
    QByteArray committed(const QByteArray& calls)
    {
        live::Committed event{.commit = 1};
        for (const char call : calls)
            event.calls.push_back({.id = id(call)});
        return told(event);
    }

private:
    static CallId id(char call) { return CallId({static_cast<std::uint8_t>(call)}); }
    QByteArray told(const live::Event& event)
    {
        constexpr std::array kNames{"opened", "requested", "delta", "decided", "ended", "committed"};
        QByteArray words;
        for (const live::Event& each : m_filter.pass(event)) {
            words += (words.isEmpty() ? "" : " ") + QByteArray(kNames[each.index()]) + ':';
            if (const auto* const commit = std::get_if<live::Committed>(&each)) {
                for (const live::TouchedCall& call : commit->calls)
                    words += static_cast<char>(call.id.bytes()[0]);
            } else {
                words += static_cast<char>(live::callOf(each).bytes()[0]);
            }
        }
        return words;
    }

    SystemClock m_clock;
    LiveFilter m_filter;
};
} // namespace

class TestLiveFilter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCallThatMatchesIsToldWhole()
    {
        Feed feed("model:claude*");
        QCOMPARE(feed.opened('a', "claude-x"), QByteArray("opened:a"));
        QCOMPARE(feed.opened('b', "gpt"), QByteArray());
        QCOMPARE(feed.delta('a', EventKind::Text, "hi"), QByteArray("delta:a"));
        QCOMPARE(feed.delta('b', EventKind::Text, "hi"), QByteArray());
        QCOMPARE(feed.committed("abc"), QByteArray("committed:ac")); // c began before
        QCOMPARE(feed.delta('c', EventKind::Text, "hi"), QByteArray());
        QCOMPARE(feed.ended('a'), QByteArray("ended:a"));
        QCOMPARE(feed.ended('b'), QByteArray());
        QCOMPARE(feed.committed("ab"), QByteArray("committed:a"));
    }

    void aCallThatComesToMatchIsToldFromThenOn()
    {
        Feed feed("verdict:block");
        QCOMPARE(feed.opened('a'), QByteArray());
        QCOMPARE(feed.decided('a', Verdict::Hold), QByteArray());
        QCOMPARE(feed.decided('a', Verdict::Block), QByteArray("opened:a decided:a"));
        QCOMPARE(feed.delta('a', EventKind::Text, "hi"), QByteArray("delta:a"));
        QCOMPARE(feed.ended('a'), QByteArray("ended:a"));
    }

    void whatNoLongerMatchesIsToldToItsEnd()
    {
        Feed feed("is:open");
        QCOMPARE(feed.opened('a'), QByteArray("opened:a"));
        QCOMPARE(feed.ended('a'), QByteArray("ended:a"));
    }

    void repliesAreSearchedAsTheyGrow()
    {
        Feed feed("tool:Bash arg.command~/rm/ or said:\"drop table\"");
        feed.opened('a');
        QCOMPARE(feed.delta('a', EventKind::ToolStart, "", "Bash"), QByteArray());
        QCOMPARE(feed.delta('a', EventKind::ToolArgs, R"({"command":"r)"), QByteArray());
        QCOMPARE(feed.delta('a', EventKind::ToolArgs, R"(m x"})"), QByteArray());
        QCOMPARE(feed.delta('a', EventKind::ToolEnd), QByteArray("opened:a delta:a"));
        feed.opened('b');
        QCOMPARE(feed.delta('b', EventKind::Text, "drop ta"), QByteArray());
        QCOMPARE(feed.delta('b', EventKind::Text, "ble"), QByteArray());
        QCOMPARE(feed.ended('b'), QByteArray("opened:b ended:b"));
        QCOMPARE(feed.committed("ab"), QByteArray("committed:ab"));
    }

    /// Gemini tells its usage with every piece of text; what it costs to look must not grow with the square.
    void aReplyOfManyStepsIsLookedAtOnceItIsWhole()
    {
        Feed feed("said:needle");
        feed.opened('a');
        const std::string words(500, 'x');
        QElapsedTimer time;
        time.start();
        for (int i = 0; i < 8000; ++i) {
            QCOMPARE(feed.delta('a', EventKind::Text, words.c_str()), QByteArray());
            QCOMPARE(feed.delta('a', EventKind::Usage), QByteArray());
        }
        QVERIFY2(time.elapsed() < 2000, qPrintable(QString::number(time.elapsed())));
        QCOMPARE(feed.delta('a', EventKind::Text, " needle"), QByteArray());
        QCOMPARE(feed.delta('a', EventKind::Usage), QByteArray());
        QCOMPARE(feed.delta('a', EventKind::Stop), QByteArray("opened:a delta:a"));
    }

    void manyToolCallsAndDecisionsAreAskedAboutInBoundedTime()
    {
        Feed feed("said:needle or policy:nobody");
        feed.opened('a');
        const std::string words(1 << 20, 'x');
        feed.delta('a', EventKind::Text, words.c_str());
        for (int i = 0; i < 4000; ++i) {
            QCOMPARE(feed.delta('a', EventKind::ToolEnd), QByteArray());
            QCOMPARE(feed.decided('a', Verdict::Block), QByteArray());
        }
        QCOMPARE(feed.delta('a', EventKind::Text, " needle"), QByteArray());
        QCOMPARE(feed.delta('a', EventKind::Stop), QByteArray()); // asked about too often before
        QCOMPARE(feed.ended('a'), QByteArray("opened:a ended:a"));
    }

    void wordsDoNotJoinAcrossWhatDidNotFit()
    {
        Feed feed("said:needle");
        feed.opened('a');
        feed.delta('a', EventKind::Text, "nee");
        feed.delta('a', EventKind::Text, std::string(LiveFilter::kMaxReplyBytes, 'x').c_str());
        feed.delta('a', EventKind::Text, "dle");
        QCOMPARE(feed.ended('a'), QByteArray());
    }

    void usageIsAskedAboutWhereNothingElseIsSearched()
    {
        Feed feed("output>=5");
        feed.opened('a');
        QCOMPARE(feed.usage('a', 4), QByteArray());
        QCOMPARE(feed.usage('a', 5), QByteArray("opened:a delta:a"));
    }

    void theOldestAreForgotten()
    {
        Feed feed("status:failed");
        feed.opened('a');
        SystemClock clock;
        LiveFilter filter(*filter::parseFilter("status:failed"), clock);
        const CallId first = CallId::make(kStart);
        [[maybe_unused]] auto told = filter.pass(live::Opened{.call = first});
        for (std::size_t i = 0; i < LiveFilter::kMaxCalls; ++i)
            told = filter.pass(live::Opened{.call = CallId::make(kStart)});
        QVERIFY(filter.pass(live::Ended{.call = first, .status = CallStatus::Failed}).empty());
        QCOMPARE(feed.ended('a', CallStatus::Failed), QByteArray("opened:a ended:a"));
    }

    void whatTheFeedDoesNotTellIsRefused()
    {
        for (const char* const filter : {"drop", "asked:x", "result:x", "has:image", "calls>1", "a or -turns:1"})
            QVERIFY2(!LiveFilter::check(*filter::parseFilter(filter)), filter);
        for (const char* const filter : {"", "said:x", "begins:x", "verdict:block", "arg:x", "is:open", "cost>1"})
            QVERIFY2(LiveFilter::check(*filter::parseFilter(filter)), filter);
    }
};

} // namespace luthien::control

using luthien::control::TestLiveFilter;
LUTHIEN_TEST(tst_live_filter, TestLiveFilter)
#include "tst_live_filter.moc"
