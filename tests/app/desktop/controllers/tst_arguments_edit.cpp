// SPDX-License-Identifier: Apache-2.0
#include "core/policy/approval_world.h"
#include "desktop/controllers/arguments_edit.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace Qt::StringLiterals;
using desktop::ArgumentsEdit;
using policy::Approval;
using policy::test::question;

namespace {
Approval asked(const std::string& command = "rm -rf /")
{
    Approval approval{.id = CallId({1}), .question = question(command)};
    approval.question.toolSchema = "{\"properties\":{\"command\":{\"type\":\"string\"}}}";
    return approval;
}
} // namespace

class TestArgumentsEdit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beginsWithWhatTheModelWrote()
    {
        ArgumentsEdit edit;
        edit.begin();
        QVERIFY2(!edit.isOpen(), "there is nothing to change");
        edit.follow(asked());
        edit.begin();
        QVERIFY(edit.isOpen());
        QCOMPARE(edit.text(), u"{\n  \"command\": \"rm -rf /\"\n}"_s);
        QVERIFY2(!edit.isReady() && edit.problem().isEmpty(), "nothing is changed yet");
        edit.setText(u"{\"command\":\"ls\"}"_s);
        QVERIFY(edit.isReady());
        QVERIFY(edit.answer().verb == policy::ApprovalVerb::Edit);
        QCOMPARE(edit.answer().arguments, "{\"command\":\"ls\"}");
        QTRY_VERIFY(edit.changes()->count() > 0);
        edit.close();
        QVERIFY(!edit.isOpen() && !edit.isReady() && edit.changes()->count() == 0);
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("problem");
        QTest::newRow("no JSON") << u"{\n\"command\": rm\n}"_s << u"Line 2: "_s;
        QTest::newRow("no object") << u"[]"_s << u"This must be one JSON object"_s;
        QTest::newRow("twice the same") << u"{\"command\":\"a\",\"command\":\"b\"}"_s << u"Line 1: "_s;
        QTest::newRow("another type than the tool takes") << u"{\"command\":7}"_s << u"The tool cannot be called"_s;
    }
    void saysWhatIsWrong()
    {
        QFETCH(QString, text);
        QFETCH(QString, problem);
        ArgumentsEdit edit;
        edit.follow(asked());
        edit.begin();
        edit.setText(text);
        QVERIFY2(edit.problem().startsWith(problem), qPrintable(edit.problem()));
        QVERIFY(!edit.isReady());
    }

    void whatCannotBeSeenIsEscaped()
    {
        ArgumentsEdit edit;
        edit.follow(asked("ls \xe2\x80\xae\xf3\xa0\x81\x81 caf\xc3\xa9"));
        edit.begin();
        QCOMPARE(edit.text(), u"{\n  \"command\": \"ls \\u202e\\udb40\\udc41 caf\u00e9\"\n}"_s);
        edit.setText(u"{\"command\":\"r\u200bm\"}"_s);
        QCOMPARE(edit.warnings().size(), 1);
    }

    void anotherQuestionEndsIt()
    {
        ArgumentsEdit edit;
        edit.follow(asked());
        edit.begin();
        Approval same = asked();
        same.clockStandsUntil = TimePoint();
        edit.follow(same);
        QVERIFY(edit.isOpen());
        Approval other = asked();
        other.id = CallId({2});
        edit.follow(other);
        QVERIFY(!edit.isOpen());
    }

    void freeTextIsAnyText()
    {
        Approval approval = asked();
        approval.question.isFreeText = true;
        approval.question.arguments = "{ not json";
        ArgumentsEdit edit;
        edit.follow(approval);
        edit.begin();
        QCOMPARE(edit.text(), u"{ not json"_s);
        edit.setText(u"x"_s);
        QVERIFY(edit.isReady());
    }
};

LUTHIEN_TEST(tst_arguments_edit, TestArgumentsEdit)
#include "tst_arguments_edit.moc"
