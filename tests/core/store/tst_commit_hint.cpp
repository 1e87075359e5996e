// SPDX-License-Identifier: Apache-2.0
#include "store/commit_hint.h"
#include "support/test_registry.h"

#include <QtTest>

#include <set>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;

namespace {
TouchedCall touched(int number, std::string session = "s", CallStatus status = CallStatus::Open)
{
    return {.id = CallId::make(fromMicros(1'700'000'000'000'000 + number)),
            .session = std::move(session),
            .lastSeq = static_cast<std::uint32_t>(number),
            .hasEvents = number % 2 == 0,
            .status = status};
}

/// What readers of the texts know in the end.
std::vector<TouchedCall> callsIn(const std::vector<std::string>& texts)
{
    std::vector<TouchedCall> calls;
    for (const std::string& text : texts) {
        const auto hint = decodeHint(text);
        if (hint)
            calls.insert(calls.end(), hint->notice.calls.begin(), hint->notice.calls.end());
    }
    return calls;
}
} // namespace

class TestCommitHint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isReadAsItWasWritten();
    void aLongOneBecomesSeveral();
    void laterCommitsAreTakenIn();
    void sessionsThatCannotBeOursAreLeftOut();
    void othersAreNotTakenForHints_data();
    void othersAreNotTakenForHints();
};

void TestCommitHint::isReadAsItWasWritten()
{
    TouchedCall withoutEvents = touched(2, "a:b_c.d-e");
    withoutEvents.hasEvents = false;
    withoutEvents.lastSeq = 0;
    const CommitHint hint{.first = 41,
                          .notice = {.number = 43,
                                     .calls = {touched(4, "quote \" backslash \\ brace }"), withoutEvents,
                                               touched(2'147'483'646, "s", CallStatus::Blocked)},
                                     .sessions = {"gone", "renamed \" one"},
                                     .instance = 7,
                                     .evidenceHead = 9'007'199'254'740'993}};
    const auto texts = encodeHint(hint);
    QCOMPARE(texts.size(), std::size_t{1});
    QVERIFY(decodeHint(texts.front()) == hint);

    const CommitHint empty{.first = 1, .notice = {.number = 1, .instance = 1}};
    QVERIFY(decodeHint(encodeHint(empty).front()) == empty);
}

void TestCommitHint::aLongOneBecomesSeveral()
{
    CommitHint hint{.first = 1, .notice = {.number = 2, .instance = 3}};
    for (int i = 0; i < 1000; ++i) {
        hint.notice.calls.push_back(touched(i * 2, std::string(static_cast<std::size_t>(i % 129), 'x')));
    }
    const auto texts = encodeHint(hint);
    QVERIFY(texts.size() > 10 && texts.size() < 40);
    std::set<std::string> different(texts.begin(), texts.end());
    QCOMPARE(different.size(), texts.size());
    for (const std::string& text : texts) {
        QVERIFY(text.size() <= kMaxHintBytes);
        QCOMPARE(decodeHint(text)->first, hint.first);
        QCOMPARE(decodeHint(text)->notice.number, hint.notice.number);
    }
    QVERIFY(callsIn(texts) == hint.notice.calls);

    hint.notice.calls.clear();
    for (int i = 0; i < 1000; ++i)
        hint.notice.sessions.push_back("session " + std::to_string(i));
    std::vector<std::string> sessions;
    for (const std::string& text : encodeHint(hint)) {
        QVERIFY(text.size() <= kMaxHintBytes);
        const auto part = decodeHint(text);
        sessions.insert(sessions.end(), part->notice.sessions.begin(), part->notice.sessions.end());
    }
    QVERIFY(sessions == hint.notice.sessions);
}

void TestCommitHint::laterCommitsAreTakenIn()
{
    CommitHint hint{.first = 5, .notice = {.number = 5, .calls = {touched(2), touched(4)}, .evidenceHead = 8}};
    TouchedCall later = hint.notice.calls[1];
    later.lastSeq = 99;
    later.status = CallStatus::Completed;
    hint.add({.number = 6, .calls = {later, touched(6)}, .sessions = {"a", "b", "a"}, .evidenceHead = 0});
    QVERIFY((hint.notice.sessions == std::vector<std::string>{"a", "b"}));
    QCOMPARE(hint.first, std::uint64_t{5});
    QCOMPARE(hint.notice.number, std::uint64_t{6});
    QCOMPARE(hint.notice.evidenceHead, 8);
    QCOMPARE(hint.notice.calls.size(), std::size_t{3});
    QVERIFY(hint.notice.calls[1] == later);
}

void TestCommitHint::sessionsThatCannotBeOursAreLeftOut()
{
    CommitHint hint{.first = 1, .notice = {.number = 1, .instance = 1}};
    hint.notice.calls = {touched(2, std::string("zero \0", 6)), touched(4, "\xff\xfe"), touched(6, "line\nbreak"),
                         touched(8, std::string(9000, 'x')), touched(10, "good")};
    const auto calls = callsIn(encodeHint(hint));
    QCOMPARE(calls.size(), std::size_t{1});
    QCOMPARE(calls.front().session, std::string("good"));
}

void TestCommitHint::othersAreNotTakenForHints_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const char* text) { QTest::newRow(name) << QByteArray(text); };
    const char* const id = "018bcfe5-6800-7000-8000-000000000000";
    row("nothing", "");
    row("a word", "hello");
    row("an object", "{}");
    row("too few members", "[1,2,3]");
    row("another form", "[2,1,1,1,0,[],[]]");
    row("no instance", "[1,0,1,1,0,[],[]]");
    row("a number below nothing", "[1,1,-1,1,0,[],[]]");
    row("a number that is none", "[1,1,1.5,1,0,[],[]]");
    row("calls that are none", "[1,1,1,1,0,{},[]]");
    row("a call without its id", "[1,1,1,1,0,[[\"x\",1,0,\"s\"]],[]]");
    row("sessions that are none", "[1,1,1,1,0,[],[1]]");
    row("no sessions", "[1,1,1,1,0,[]]");
    row("half a text", "[1,1,1,1,0,[[");
    QTest::newRow("an unknown status") << QByteArray("[1,1,1,1,0,[[\"") + id + "\",1,6,\"s\"]],[]]";
    QTest::newRow("a seq too large") << QByteArray("[1,1,1,1,0,[[\"") + id + "\",4294967296,0,\"s\"]],[]]";
    QTest::newRow("a session that is none") << QByteArray("[1,1,1,1,0,[[\"") + id + "\",1,0,null]],[]]";
    QTest::newRow("nested without end") << QByteArray(100'000, '[');
}

void TestCommitHint::othersAreNotTakenForHints()
{
    QFETCH(QByteArray, text);
    QVERIFY(!decodeHint({text.constData(), static_cast<std::size_t>(text.size())}));
    QVERIFY(decodeHint("[1,1,1,1,0,[[\"018bcfe5-6800-7000-8000-000000000000\",1,0,\"s\"]],[]]"));
}

LUTHIEN_TEST(tst_commit_hint, TestCommitHint)
#include "tst_commit_hint.moc"
