// SPDX-License-Identifier: Apache-2.0
#include "core/policy/approval_world.h"
#include "desktop/models/asked_call.h"
#include "support/test_registry.h"

#include <QSignalSpy>

using namespace luthien;
using namespace Qt::StringLiterals;
using desktop::AskedCall;
using policy::Approval;
using policy::test::question;

class TestAskedCall : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsAllThatIsNeededToJudge()
    {
        Approval approval{.id = CallId({1}), .question = question()};
        AskedCall call;
        call.show(approval);
        QCOMPARE(call.tool(), u"Bash"_s);
        QCOMPARE(call.arguments(), u"{\n  \"command\": \"git status --short\"\n}"_s);
        QCOMPARE(call.written(), u"{\"command\":\"git status --short\"}"_s);
        QCOMPARE(call.length(), u"32 characters"_s);
        QCOMPARE(call.policy(), u"Ask me"_s);
        QCOMPARE(call.reason(), u"A person must allow Bash."_s);
        QCOMPARE(call.found(), QStringList{u"command: git"_s});
        QCOMPARE(call.userText(), u"What has changed?"_s);
        QCOMPARE(call.sessionId(), u"s1"_s);
        QVERIFY(call.warnings().isEmpty());
        QVERIFY(call.state() == desktop::asked::State::Waiting);
    }

    void onlyAnotherOneIsReadAnew()
    {
        Approval approval{.id = CallId({1}), .question = question()};
        AskedCall call;
        const QSignalSpy changed(&call, &AskedCall::changed);
        const QSignalSpy stood(&call, &AskedCall::stood);
        call.show(approval);
        approval.isWithdrawn = true;
        call.show(approval);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(stood.size(), 2);
        QVERIFY(call.state() == desktop::asked::State::Withdrawn);
        call.show(std::nullopt);
        QCOMPARE(changed.size(), 2);
        QVERIFY(call.id().isEmpty() && call.tool().isEmpty() && call.arguments().isEmpty());
    }

    void aMatchOutsideOfTheArgumentsIsLeftOut()
    {
        Approval approval{.id = CallId({1}), .question = question()};
        approval.question.matched = {{"/command", 0, 900}, {"/none", 0, 1}, {"/command", 3, 3}, {"", 0, 1}};
        AskedCall call;
        call.show(approval);
        QCOMPARE(call.found(), QStringList{u"{"_s});
    }

    void everyTextShowsWhatHides()
    {
        const std::string hidden = "a\xe2\x80\xae"
                                   "b";
        Approval approval{.id = CallId({1}), .question = question(hidden)};
        policy::ApprovalQuestion& asked = approval.question;
        asked.tool = asked.reason = asked.policyName = asked.client = asked.lastUserText = hidden;
        AskedCall call;
        call.show(approval);
        for (const QString& text : {call.tool(), call.reason(), call.policy(), call.origin(), call.userText(),
                                    call.arguments(), call.written()})
            QVERIFY2(text.contains(u"a\u2039U+202E\u203ab"_s), qPrintable(text));
        QCOMPARE(call.warnings().size(), 1);
        QCOMPARE(call.argumentMarks().size(), 2);
    }
};

LUTHIEN_TEST(tst_asked_call, TestAskedCall)
#include "tst_asked_call.moc"
