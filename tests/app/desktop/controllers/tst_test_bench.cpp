// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/test_bench.h"
#include "fake_policies.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>

using namespace luthien;
using namespace Qt::StringLiterals;
using desktop::PolicyEditor;
using desktop::TestBench;

class TestTestBench : public QObject
{
    Q_OBJECT

private:
    using Lines = std::vector<std::string>;

    std::unique_ptr<test::FakePolicies> m_source;
    std::unique_ptr<PolicyEditor> m_editor;
    Lines m_tried;
    desktop::PolicyTrials m_trials;

private Q_SLOTS:
    void init()
    {
        m_source = std::make_unique<test::FakePolicies>();
        m_source->add({.id = "a", .type = "noop", .mode = policy::PolicyMode::Off});
        m_editor = std::make_unique<PolicyEditor>(*m_source);
        m_trials.check = [](const policy::Definition& draft, const Lines& lines, const std::stop_token&) {
            Lines said;
            for (std::size_t i = 0; i < lines.size(); ++i)
                said.push_back(R"({"verdict":"block","reason":")" +
                               std::string(conversation::policyModeName(draft.mode)) + R"( )" + draft.name +
                               R"(","replaced":null})");
            return Result<Lines>(said);
        };
        m_trials.recordedLines = [](const std::string& session, std::size_t) {
            return Result<Lines>(Lines{"{\"text\":\"" + session + "\"}"});
        };
    }

    void takesWhateverFormTheJsonHas_data()
    {
        QTest::addColumn<QString>("input");
        QTest::addColumn<QStringList>("subjects");
        QTest::newRow("one object over several lines")
            << u"{\n \"tool\": \"Bash\",\n \"arguments\": {\"a\": 1}\n}"_s << QStringList{u"Bash {\"a\":1}"_s};
        QTest::newRow("a list") << u"[{\"text\":\"a\"},{\"text\":\"b\"}]"_s << QStringList{u"a"_s, u"b"_s};
        QTest::newRow("lines") << u"{\"text\":\"a\"}\n\n{\"text\":\"b\"}\n"_s << QStringList{u"a"_s, u"b"_s};
        QTest::newRow("no JSON") << u"hello\u202e"_s << QStringList{u"hello\u2039U+202E\u203a"_s};
        QTest::newRow("nothing") << u" \n"_s << QStringList{};
    }
    void takesWhateverFormTheJsonHas()
    {
        QFETCH(QString, input);
        QFETCH(QStringList, subjects);
        m_editor->openPolicy(u"a"_s);
        TestBench bench(*m_editor, m_trials);
        const QAbstractItemModelTester tester(&bench, QAbstractItemModelTester::FailureReportingMode::QtTest);
        bench.setInput(input);
        bench.run();
        QTRY_VERIFY(!bench.isRunning());
        QStringList seen;
        for (int row = 0; row < bench.count(); ++row)
            seen += bench.index(row).data(TestBench::SubjectRole).toString();
        QCOMPARE(seen, subjects);
    }

    void followsTheDraftWhileSomebodyLooks()
    {
        m_editor->openPolicy(u"a"_s);
        TestBench bench(*m_editor, m_trials);
        bench.pick(u"s1"_s);
        QTRY_COMPARE(bench.count(), 1);
        // What is off is tried as if it watched.
        QCOMPARE(bench.index(0).data(TestBench::ReasonRole).toString(), u"shadow "_s);
        QCOMPARE(bench.index(0).data(TestBench::SubjectRole).toString(), u"s1"_s);
        bench.setActive(true);
        m_editor->setName(u"draft"_s);
        QTRY_COMPARE(bench.index(0).data(TestBench::ReasonRole).toString(), u"shadow draft"_s);
    }

    void aScriptsErrorNamesItsLine()
    {
        m_source->add({.id = "js", .type = "javascript", .config = R"({"source":"x"})"});
        m_trials.check = [](const policy::Definition& draft, const Lines&, const std::stop_token&) {
            return Result<Lines>(Error{.code = ErrorCode::InvalidInput,
                                       .message = "line 12: Unexpected token",
                                       .context = "policies[" + draft.id + "].config.source"});
        };
        m_editor->openPolicy(u"js"_s);
        TestBench bench(*m_editor, m_trials);
        bench.run();
        QTRY_COMPARE(bench.problemLine(), 12);
        const QModelIndex script = m_editor->form()->index(0);
        QCOMPARE(script.data(desktop::SchemaForm::ProblemRole).toString(), u"line 12: Unexpected token"_s);
        m_editor->form()->setText(0, u"y"_s); // what is written next is judged anew
        QCOMPARE(script.data(desktop::SchemaForm::ProblemRole).toString(), QString());
    }
};

LUTHIEN_TEST(tst_test_bench, TestTestBench)
#include "tst_test_bench.moc"
