// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/conversation_model.h"
#include "fake_sources.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace luthien::desktop;
using conversation::EventKind;
using luthien::test::FakeConversation;

class TestConversationModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isEmptyFirst()
    {
        FakeConversation source(0);
        ConversationModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        model.open(u"s"_s);
        source.answer();
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(model.isAtEnd());
    }

    void opensAtTheNewestCall()
    {
        FakeConversation source(1'000'000);
        ConversationModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.open(u"s"_s);
        source.answer();
        QCOMPARE(text(model, model.rowCount() - 1), u"reply 999999"_s);
        QVERIFY(model.isAtEnd());
        QVERIFY(model.rowCount() < 1500);
    }

    void whatCouldNotBeReadIsReadAgain()
    {
        FakeConversation source(1000);
        ConversationModel model(source);
        source.failNext(u"The disk is away."_s);
        model.open(u"s"_s);
        source.answer();
        QCOMPARE(model.error(), u"The disk is away."_s);
        QCOMPARE(model.rowCount(), 0);
        model.retry();
        source.answer();
        QCOMPARE(model.error(), QString());
        QCOMPARE(text(model, model.rowCount() - 1), u"reply 999"_s);
        // A page further up fails: what is at hand stays, and the session does not begin there.
        const qint64 first = callAt(model, 0);
        source.failNext(u"The disk is away."_s);
        model.showRows(10, 30);
        source.answer();
        QCOMPARE(model.error(), u"The disk is away."_s);
        QCOMPARE(callAt(model, 0), first);
        model.retry();
        source.answer();
        QCOMPARE(model.error(), QString());
        QVERIFY(callAt(model, 0) < first);
        QVERIFY(isWithoutHoles(model));
    }

    void slidesOverAMillionCallsAndBackWithoutHoles()
    {
        FakeConversation source(1'000'000);
        ConversationModel model(source);
        model.open(u"s"_s);
        source.answer();
        model.jumpTo(0.5);
        source.answer();
        const qint64 middle = callAt(model, 0);
        QVERIFY(qAbs(middle - 500'000) < 1000);
        qint64 first = middle;
        for (int i = 0; i < 60; ++i) { // up, by a screen at a time
            model.showRows(10, 30);
            source.answer();
            QVERIFY(isWithoutHoles(model));
            QVERIFY(model.rowCount() < 1500);
            QVERIFY(callAt(model, 0) < first);
            first = callAt(model, 0);
        }
        qint64 last = lastCall(model);
        for (int i = 0; i < 60; ++i) { // and down
            model.showRows(model.rowCount() - 30, model.rowCount() - 10);
            source.answer();
            QVERIFY(isWithoutHoles(model));
            QVERIFY(model.rowCount() < 1500);
            QVERIFY(lastCall(model) > last);
            last = lastCall(model);
        }
        model.jumpTo(0);
        source.answer();
        QCOMPARE(callAt(model, 0), 0);
        model.jumpToNewest();
        source.answer();
        QCOMPARE(lastCall(model), 999'999);
    }

    void rowsBeingReadStayTheSameRows()
    {
        FakeConversation source(5'000);
        ConversationModel model(source);
        model.open(u"s"_s);
        source.answer();
        model.jumpTo(0.5);
        source.answer();
        // A view holds a persistent index on what it shows; it must survive every slide near it.
        for (int i = 0; i < 30; ++i) {
            const QPersistentModelIndex read(model.index(40));
            const QString before = read.data(ConversationModel::TextRole).toString();
            model.showRows(40, 60);
            source.answer();
            QVERIFY(read.isValid());
            QCOMPARE(read.data(ConversationModel::TextRole).toString(), before);
        }
    }

    void showsALiveCallFromItsFirstStep()
    {
        FakeConversation source(2);
        ConversationModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.open(u"s"_s);
        source.answer();
        const int before = model.rowCount();
        model.applyLive(batchOf(begun(), step(1, EventKind::Text, "Hel"), step(2, EventKind::Text, "lo")));
        QCOMPARE(text(model, model.rowCount() - 1), u"Hello"_s);
        model.applyLive(batchOf(step(3, EventKind::Text, "\n\nWorld")));
        QCOMPARE(text(model, model.rowCount() - 1), u"World"_s);
        QCOMPARE(text(model, model.rowCount() - 2), u"Hello"_s);
        // The record brings the question; the answer stays as it streamed.
        source.setRecord([] { return stored(conversation::CallStatus::Open, "stale", 1); }, liveId());
        model.applyLive(commit());
        source.answer();
        QCOMPARE(text(model, before + 1), u"question"_s);
        QCOMPARE(text(model, model.rowCount() - 1), u"World"_s);
        live::Ended end;
        end.call = liveId();
        end.seq = 4;
        live::LiveBatch batch;
        batch.events.emplace_back(end);
        model.applyLive(batch);
        QCOMPARE(text(model, model.rowCount() - 1), u"World"_s);
        QCOMPARE(source.callReads(), 1);
    }

    // A whole reply is one event of the wire; so are a tool's start and its arguments in Chat.
    void showsEveryStepOfOneEvent()
    {
        FakeConversation source(2);
        ConversationModel model(source);
        model.open(u"s"_s);
        source.answer();
        model.applyLive(batchOf(begun(), step(1, EventKind::Start, ""), step(1, EventKind::Text, "Hel"),
                                step(1, EventKind::Text, "lo"), step(1, EventKind::Stop, "")));
        QCOMPARE(text(model, model.rowCount() - 1), u"Hello"_s);
    }

    void ignoresCallsOfOtherSessions()
    {
        FakeConversation source(1);
        ConversationModel model(source);
        model.open(u"s"_s);
        source.answer();
        const int before = model.rowCount();
        live::Opened other = begun();
        other.identity.session = "other";
        model.applyLive(batchOf(other, step(1, EventKind::Text, "x")));
        QCOMPARE(model.rowCount(), before);
    }

    void joinsTheRecordAndLiveStepsWithoutLossOrRepeat()
    {
        FakeConversation source(0);
        ConversationModel model(source);
        model.open(u"s"_s);
        source.answer();
        model.applyLive(batchOf(begun(), step(1, EventKind::Text, "one ")));
        // Steps 2 and 3 are lost; 4 and 5 come.
        live::LiveBatch late = batchOf(step(4, EventKind::Text, "four "), step(5, EventKind::Text, "five"));
        late.gap = true;
        model.applyLive(late);
        source.answer();
        QCOMPARE(text(model, model.rowCount() - 1), u"one"_s);
        // The record reaches 3: it cannot be told whether there is something between 3 and 4.
        source.setRecord([] { return stored(conversation::CallStatus::Open, "one two three ", 3); }, liveId());
        model.applyLive(commit());
        source.answer();
        QCOMPARE(text(model, model.rowCount() - 1).trimmed(), u"one two three"_s);
        // It reaches 4: now everything fits, and nothing is shown twice.
        source.setRecord([] { return stored(conversation::CallStatus::Open, "one two three four ", 4); }, liveId());
        model.applyLive(commit());
        source.answer();
        QCOMPARE(text(model, model.rowCount() - 1), u"one two three four five"_s);
        model.applyLive(batchOf(step(6, EventKind::Text, " six")));
        QCOMPARE(text(model, model.rowCount() - 1), u"one two three four five six"_s);
    }

    void callsOfAnotherInstanceAreAppended()
    {
        FakeConversation source(3);
        ConversationModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.open(u"s"_s);
        while (source.answer() > 0) {
        }
        const int before = model.rowCount();
        source.grow(5);
        live::Committed commit{.calls = {{.id = FakeConversation::idOf(4), .session = "other"}}, .isElsewhere = true};
        model.applyLive(batchOf(commit));
        QCOMPARE(source.answer(), 0); // another session's
        commit.calls = {{.id = FakeConversation::idOf(3), .session = "s"},
                        {.id = FakeConversation::idOf(4), .session = "s"}};
        model.applyLive(batchOf(commit));
        while (source.answer() > 0) {
        }
        QVERIFY(model.rowCount() > before);
        QCOMPARE(text(model, model.rowCount() - 1), u"reply 4"_s);
    }

    void onlyAPartOfTheTimeIsShown()
    {
        FakeConversation source(1000);
        ConversationModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.open(u"s"_s);
        source.answer();
        const auto began = [](std::int64_t number) {
            return toMicros(FakeConversation::call(number).call().startedAt);
        };
        model.showRange(began(100), began(100)); // nothing
        QVERIFY(!model.isOnlyRange());
        QSignalSpy jumps(&model, &ConversationModel::jumped);
        model.showRange(began(100), began(104));
        source.answer();
        QVERIFY(model.isOnlyRange());
        QCOMPARE(callAt(model, 0), 100);
        QCOMPARE(lastCall(model), 103);
        QVERIFY(model.isAtEnd());
        QCOMPARE(jumps.takeFirst().first().toBool(), false); // one reads from its beginning
        // What happens now began later.
        const int rows = model.rowCount();
        model.applyLive(batchOf(begun(), step(1, EventKind::Text, "now")));
        source.answer();
        QCOMPARE(model.rowCount(), rows);
        model.openHere(QString::fromStdString(FakeConversation::idOf(102).toString()));
        source.answer();
        QVERIFY(model.isOnlyRange());
        QCOMPARE(model.currentCallId(), QString::fromStdString(FakeConversation::idOf(102).toString()));
        // A call elsewhere is shown among all.
        model.openAt(u"s"_s, QString::fromStdString(FakeConversation::idOf(500).toString()));
        source.answer();
        QVERIFY(!model.isOnlyRange());
        QCOMPARE(model.currentCallId(), QString::fromStdString(FakeConversation::idOf(500).toString()));
        model.showRange(began(7), began(8));
        model.showAllTimes();
        source.answer();
        QCOMPARE(lastCall(model), 999);
    }

    void commitsThatBringNoRowsReadNothing_data()
    {
        QTest::addColumn<live::Committed>("commit");
        QTest::addColumn<int>("reads");
        const live::TouchedCall other{.id = FakeConversation::idOf(7), .session = "other"};
        const live::TouchedCall apart{.id = FakeConversation::idOf(8), .session = "s"};
        const live::TouchedCall shown{.id = FakeConversation::idOf(2), .session = "s"};
        QTest::newRow("a call of another session") << live::Committed{.calls = {other}} << 0;
        QTest::newRow("another name for another session") << live::Committed{.sessions = {"other"}} << 0;
        QTest::newRow("another name for this session") << live::Committed{.sessions = {"s"}} << 0;
        QTest::newRow("a call that is over and shown") << live::Committed{.calls = {shown}} << 0;
        // Of an agent that is not shown, say: it is looked for at its first commit, not at each one.
        QTest::newRow("an open call that is not among the rows") << live::Committed{.calls = {apart}} << 1;
    }
    void commitsThatBringNoRowsReadNothing()
    {
        QFETCH(const live::Committed, commit);
        FakeConversation source(3);
        ConversationModel model(source);
        model.open(u"s"_s);
        while (source.answer() > 0) {
        }
        int reads = 0;
        for (int i = 0; i < 5; ++i) {
            model.applyLive(batchOf(commit));
            reads += source.answer();
        }
        QTEST(reads, "reads");
    }

    void foldsAndUnfolds()
    {
        FakeConversation source(0);
        ConversationModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.open(u"s"_s);
        source.answer();
        model.applyLive(batchOf(begun(), step(1, EventKind::Thinking, "first\n\nsecond")));
        const int row = model.rowCount() - 1;
        QCOMPARE(model.index(row).data(ConversationModel::KindRole).toInt(), int(row::Kind::Thinking));
        model.toggle(row);
        QCOMPARE(model.rowCount(), row + 3);
        QCOMPARE(text(model, row + 2), u"second"_s);
        model.toggle(row);
        QCOMPARE(model.rowCount(), row + 1);
    }

    void joinsAResultToTheCallRightAboveIt_data()
    {
        QTest::addColumn<QString>("answered");
        QTest::addColumn<bool>("joined");
        QTest::newRow("the result of the call above goes on in its card") << u"tool-1"_s << true;
        QTest::newRow("the result of another call has a card of its own") << u"tool-0"_s << false;
    }
    void joinsAResultToTheCallRightAboveIt()
    {
        QFETCH(QString, answered);
        QFETCH(bool, joined);
        FakeConversation source(0);
        ConversationModel model(source);
        model.open(u"s"_s);
        source.answer();
        live::Delta tool = step(1, EventKind::ToolStart, {});
        tool.id = "tool-1";
        tool.name = "Bash";
        live::Ended end{.call = liveId(), .seq = 2, .status = conversation::CallStatus::Completed};
        model.applyLive(batchOf(begun(), tool, end));
        const int use = model.rowCount() - 1;
        QVERIFY(!isJoined(model, use));

        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        live::Opened next = begun();
        next.call = FakeConversation::idOf(5'000'001);
        model.applyLive(batchOf(next));
        source.setRecord([&] { return resultOf(answered.toStdString(), next.call); }, next.call);
        live::Committed committed;
        committed.calls.push_back({.id = next.call, .session = "s"});
        model.applyLive(batchOf(committed));
        source.answer();
        QCOMPARE(model.index(use + 1).data(ConversationModel::KindRole).toInt(), int(row::Kind::ToolResult));
        QCOMPARE(isJoined(model, use), joined);
        QCOMPARE(isJoined(model, use + 1), joined);
        QVERIFY(!isJoined(model, use + 2));
        QVERIFY(std::any_of(changed.begin(), changed.end(), [use](const QList<QVariant>& arguments) {
            return arguments[0].toModelIndex().row() <= use && arguments[1].toModelIndex().row() >= use;
        }));
    }

    void showsADecisionUnderTheCallItIsAbout_data()
    {
        QTest::addColumn<conversation::PolicyMode>("mode");
        QTest::addColumn<row::Tone>("tone");
        QTest::newRow("enforced") << conversation::PolicyMode::Enforce << row::Tone::Blocked;
        QTest::newRow("in shadow") << conversation::PolicyMode::Shadow << row::Tone::Watching;
    }
    void showsADecisionUnderTheCallItIsAbout()
    {
        QFETCH(conversation::PolicyMode, mode);
        QFETCH(row::Tone, tone);
        FakeConversation source(0);
        ConversationModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.open(u"s"_s);
        source.answer();
        model.applyLive(batchOf(begun(), toolStep(1, "tool-1", 0), step(2, EventKind::ToolArgs, R"({"command":"x"})"),
                                toolStep(3, "tool-2", 1)));
        const live::Decided decided{decision("tool-1", mode)};
        model.applyLive(batchOf(decided));
        model.applyLive(batchOf(decided)); // the same one again
        const int use = model.rowCount() - 3;
        QCOMPARE(model.index(use).data(ConversationModel::KindRole).toInt(), int(row::Kind::ToolUse));
        QCOMPARE(model.index(use).data(ConversationModel::ToneRole).toInt(), int(tone));
        QCOMPARE(model.index(use).data(ConversationModel::LastRole).toBool(), false);
        QCOMPARE(model.index(use + 1).data(ConversationModel::KindRole).toInt(), int(row::Kind::Decision));
        const QString byId = model.index(use + 1).data(ConversationModel::TitleRole).toString();
        QVERIFY2(byId.contains(u"sql"_s), qPrintable(byId));
        model.setPolicyNames([](const QString& id) { return u"the policy "_s + id.toUpper(); });
        const QString byName = model.index(use + 1).data(ConversationModel::TitleRole).toString();
        QCOMPARE(byName, QString(byId).replace(u"sql"_s, u"the policy SQL"_s));
        QCOMPARE(model.index(use + 1).data(ConversationModel::LastRole).toBool(), true);
        QCOMPARE(text(model, use + 1), u"it drops a table"_s);
        QCOMPARE(model.index(use + 2).data(ConversationModel::KindRole).toInt(), int(row::Kind::ToolUse));
        QCOMPARE(model.index(use + 2).data(ConversationModel::ToneRole).toInt(), int(row::Tone::Live));
        // Unfolding the card keeps the decision at its end.
        model.toggle(use);
        QCOMPARE(model.index(model.rowCount() - 2).data(ConversationModel::KindRole).toInt(), int(row::Kind::Decision));
    }

    void keepsADecisionThatTheRecordDoesNotHaveYet()
    {
        FakeConversation source(0);
        ConversationModel model(source);
        model.open(u"s"_s);
        source.answer();
        model.applyLive(batchOf(begun(), step(1, EventKind::Text, "one ")));
        live::LiveBatch late = batchOf(live::Decided{decision({}, conversation::PolicyMode::Enforce)});
        late.gap = true;
        model.applyLive(late);
        source.setRecord([] { return stored(conversation::CallStatus::Completed, "one two", 3); }, liveId());
        model.applyLive(commit());
        source.answer();
        QCOMPARE(text(model, model.rowCount() - 2), u"one two"_s);
        QCOMPARE(model.index(model.rowCount() - 1).data(ConversationModel::KindRole).toInt(), int(row::Kind::Decision));
    }

    void readsWhatTheAgentReceivedOnceTheReplyIsOver()
    {
        FakeConversation source(0);
        ConversationModel model(source);
        model.open(u"s"_s);
        source.answer();
        live::Delta sent = step(2, EventKind::Text, "HELLO");
        sent.direction = conversation::Direction::Sent;
        live::Ended end{.call = liveId(), .seq = 3, .status = conversation::CallStatus::Completed};
        model.applyLive(batchOf(begun(), step(1, EventKind::Text, "hello"), sent, end));
        QCOMPARE(text(model, model.rowCount() - 1), u"hello"_s);
        source.setRecord(
            [] {
                CallView view = stored(conversation::CallStatus::Completed, "hello", 1);
                view.setSent({.blocks = {conversation::Block{.text = "HELLO"}}});
                view.settle();
                return view;
            },
            liveId());
        model.applyLive(commit());
        source.answer();
        const int received = model.rowCount() - 1;
        QCOMPARE(model.index(received).data(ConversationModel::KindRole).toInt(), int(row::Kind::Received));
        QCOMPARE(text(model, received - 1), u"hello"_s);
        model.toggle(received);
        QCOMPARE(text(model, received + 1), u"HELLO"_s);
        model.toggle(received);
        QCOMPARE(model.rowCount(), received + 1);
        model.applyLive(commit());
        source.answer();
        QCOMPARE(source.callReads(), 1);
    }

    void copiesWhatASpeakerSays()
    {
        FakeConversation source(1);
        ConversationModel model(source);
        model.open(u"s"_s);
        source.answer();
        QCOMPARE(model.textOf(0), u"call 0"_s);
        QCOMPARE(model.textOf(2), u"reply 0"_s);
        QCOMPARE(model.textOf(3), u"reply 0"_s);
        QCOMPARE(model.textOf(99), QString());
    }

    void touchesOnlyTheTailOfAStreamedText()
    {
        FakeConversation source(0);
        ConversationModel model(source);
        model.open(u"s"_s);
        source.answer();
        live::LiveBatch batch = batchOf(begun());
        std::uint32_t seq = 1;
        for (int paragraph = 0; paragraph < 200; ++paragraph)
            batch.events.emplace_back(step(seq++, EventKind::Text, "paragraph\n\n"));
        model.applyLive(batch);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        for (int i = 0; i < 100; ++i)
            model.applyLive(batchOf(step(seq++, EventKind::Text, "word ")));
        QCOMPARE(reset.size(), 0);
        QVERIFY(changed.size() <= 100);
        for (const auto& arguments : changed)
            QVERIFY(arguments.first().toModelIndex().row() >= model.rowCount() - 2);
    }

private:
    template <typename... Events>
    static live::LiveBatch batchOf(Events... events)
    {
        live::LiveBatch batch;
        (batch.events.emplace_back(std::move(events)), ...);
        return batch;
    }
    static CallId liveId() { return FakeConversation::idOf(5'000'000); }
    static live::Opened begun()
    {
        live::Opened event{.call = liveId(), .api = conversation::Api::AnthropicMessages, .model = "m", .stream = true};
        event.identity.session = "s";
        return event;
    }
    static live::Delta step(std::uint32_t seq, EventKind kind, std::string text)
    {
        return {.call = liveId(), .firstSeq = seq, .seq = seq, .kind = kind, .text = std::move(text)};
    }
    static live::Delta toolStep(std::uint32_t seq, std::string id, std::uint32_t block)
    {
        live::Delta start = step(seq, EventKind::ToolStart, {});
        start.block = block;
        start.id = std::move(id);
        start.name = "Bash";
        return start;
    }
    static conversation::Decision decision(std::string toolId, conversation::PolicyMode mode)
    {
        conversation::Decision made{.id = FakeConversation::idOf(9), .call = liveId(), .policyId = "sql", .mode = mode};
        made.seq = 1; // of the reply
        made.verdict = conversation::Verdict::Block;
        made.reason = "it drops a table";
        made.tool = toolId.empty() ? "" : "Bash";
        made.toolId = std::move(toolId);
        return made;
    }
    static live::LiveBatch commit()
    {
        live::Committed event;
        event.calls.push_back({.id = liveId(), .session = "s"});
        return batchOf(event);
    }
    static CallView stored(conversation::CallStatus status, const std::string& reply, std::uint32_t seq)
    {
        store::CallRow row{.id = liveId(), .model = "m", .status = status};
        row.cursor = {.micros = 1, .row = 1};
        CallView view(row);
        view.setRequest({{.blocks = {conversation::Block{.text = "question"}}}}, false);
        view.apply(step(seq, EventKind::Text, reply));
        view.settle();
        return view;
    }
    static CallView resultOf(const std::string& tool, CallId call)
    {
        store::CallRow row{.id = call, .model = "m", .status = conversation::CallStatus::Open};
        row.cursor = {.micros = 2, .row = 2};
        CallView view(row);
        view.setRequest({{.blocks = {{.kind = conversation::BlockKind::ToolResult, .id = tool, .text = "done"}}}},
                        false);
        view.settle();
        return view;
    }
    static bool isJoined(const ConversationModel& model, int row)
    {
        return model.index(row).data(ConversationModel::JoinedRole).toBool();
    }
    static QString text(const ConversationModel& model, int row)
    {
        return model.index(row).data(ConversationModel::TextRole).toString();
    }
    static qint64 callAt(const ConversationModel& model, int from)
    {
        for (int row = from; row < model.rowCount(); ++row)
            if (text(model, row).startsWith(u"call "_s))
                return text(model, row).mid(5).toLongLong();
        return -1;
    }
    static qint64 lastCall(const ConversationModel& model)
    {
        return text(model, model.rowCount() - 1).mid(6).toLongLong();
    }
    static bool isWithoutHoles(const ConversationModel& model)
    {
        qint64 expected = callAt(model, 0);
        for (int row = 0; row < model.rowCount(); ++row)
            if (text(model, row).startsWith(u"call "_s) && text(model, row).mid(5).toLongLong() != expected++)
                return false;
        return true;
    }
};

LUTHIEN_TEST(tst_conversation_model, TestConversationModel)
#include "tst_conversation_model.moc"
