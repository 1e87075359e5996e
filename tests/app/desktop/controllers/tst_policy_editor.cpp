// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/policy_editor.h"
#include "fake_policies.h"
#include "support/test_registry.h"

#include <QSignalSpy>

using namespace luthien;
using namespace Qt::StringLiterals;
using desktop::PolicyEditor;
using desktop::SchemaForm;

class TestPolicyEditor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void addsAPolicy()
    {
        test::FakePolicies source;
        source.add({.id = "tool-rules", .type = "tool-rules"});
        PolicyEditor editor(source);
        QSignalSpy saved(&editor, &PolicyEditor::saved);
        editor.openNew();
        editor.setType(u"tool-rules"_s);
        QCOMPARE(editor.policyId(), u"tool-rules-2"_s);
        QVERIFY(!editor.isUnsaved());
        editor.setPolicyId(u"tool-rules"_s);
        QVERIFY(editor.isUnsaved());
        QVERIFY(!editor.idProblem().isEmpty());
        QVERIFY(!editor.canSave());
        editor.setPolicyId(u"no spaces"_s);
        QVERIFY(!editor.canSave());
        editor.setPolicyId(u"mine"_s);
        editor.setName(u"Mine"_s);
        editor.setAgentText(2);
        QVERIFY(editor.canSave());
        editor.save();
        QCOMPARE(saved.size(), 1);
        const policy::Definition definition = source.policies().at(1).definition;
        QCOMPARE(definition.id, "mine");
        QCOMPARE(definition.mode, policy::PolicyMode::Shadow);
        QCOMPARE(definition.agentText, policy::AgentText::Full);
        QVERIFY(!editor.isNew());
        QVERIFY(!editor.isModified());
    }

    void makesARuleForATool()
    {
        test::FakePolicies source;
        PolicyEditor editor(source);
        editor.openNewRule(u"Web\"Fetch"_s);
        QVERIFY(editor.isNew());
        QCOMPARE(editor.name(), u"Ask before Web\"Fetch"_s);
        QVERIFY(editor.canSave());
        editor.save();
        QCOMPARE(editor.problem(), QString());
        QCOMPARE(source.policies().front().definition.config,
                 std::string("{\"rules\":[{\"tool\":\"Web\\\"Fetch\",\"do\":\"ask\"}]}"));
    }

    void refusesABadDefinitionAtItsField()
    {
        test::FakePolicies source;
        source.add({.id = "r", .type = "tool-rules", .config = R"({"rules":[{"tool":"Bash","do":"deny"}]})"});
        PolicyEditor editor(source);
        editor.openPolicy(u"r"_s);
        const std::string before = source.policies().front().version;
        // No schema says this: only the type knows what an expression is.
        const int row = rowOf(*editor.form(), u"Contains expression"_s);
        editor.form()->setText(row, u"("_s);
        QVERIFY(editor.canSave());
        editor.save();
        QVERIFY(!editor.problem().isEmpty());
        QVERIFY(!editor.form()->index(row).data(SchemaForm::ProblemRole).toString().isEmpty());
        QCOMPARE(source.policies().front().version, before);
        editor.form()->setText(row, u"rm"_s);
        QCOMPARE(editor.problem(), QString());
        editor.save();
        QVERIFY(source.policies().front().version != before);
    }

    void readsAFilesPolicyOnly()
    {
        test::FakePolicies source;
        source.add({.id = "f", .type = "noop"}, true);
        PolicyEditor editor(source);
        editor.openPolicy(u"f"_s);
        QVERIFY(editor.isReadOnly());
        QCOMPARE(editor.place(), u"config.yaml:7"_s);
        editor.setName(u"x"_s);
        QVERIFY(!editor.canSave());
    }

    void doesNotTakeAModeBack()
    {
        test::FakePolicies source;
        source.add({.id = "a", .type = "noop"});
        PolicyEditor editor(source);
        editor.openPolicy(u"a"_s);
        QVERIFY(source.setMode("a", policy::PolicyMode::Enforce).hasValue());
        QVERIFY(!editor.isModified());
        editor.setName(u"A"_s);
        editor.save();
        QCOMPARE(source.policies().front().definition.mode, policy::PolicyMode::Enforce);
    }

    // The control API, another window's versions, an import.
    void showsWhatSomebodyElseSaved()
    {
        test::FakePolicies source;
        source.add({.id = "r", .type = "tool-rules", .config = R"({"rules":[{"tool":"Bash","do":"deny"}]})"});
        PolicyEditor editor(source);
        editor.openPolicy(u"r"_s);
        saveElsewhere(source, "r");
        QVERIFY(!editor.isOvertaken());
        QVERIFY(!editor.isUnsaved());
        QCOMPARE(editor.name(), u"Theirs"_s);
        editor.setOnBlock(2);
        editor.save();
        QCOMPARE(source.policies().front().definition.name, "Theirs");
        QVERIFY(!editor.isOvertaken());
        QVERIFY(source.remove("r").hasValue());
        QVERIFY(!editor.isOpen());
    }

    void savesOverNobodyUnknowingly()
    {
        test::FakePolicies source;
        source.add({.id = "a", .type = "noop"});
        PolicyEditor editor(source);
        editor.openPolicy(u"a"_s);
        editor.setName(u"Mine"_s);
        saveElsewhere(source, "a");
        QVERIFY(editor.isOvertaken());
        QCOMPARE(editor.name(), u"Mine"_s);
        QVERIFY(!editor.canSave());
        editor.save();
        QCOMPARE(source.policies().front().definition.name, "Theirs");
        editor.takeTheirs();
        QVERIFY(!editor.isOvertaken() && !editor.isUnsaved());
        QCOMPARE(editor.name(), u"Theirs"_s);

        editor.setName(u"Mine"_s);
        policy::Definition other = source.policies().front().definition;
        other.name = "Theirs again";
        QVERIFY(source.save(other).hasValue());
        editor.keepMine();
        QVERIFY(editor.canSave());
        editor.setName(u"Theirs again"_s);
        QVERIFY(!editor.isUnsaved()); // what counts now is theirs
        editor.setName(u"Mine"_s);
        editor.save();
        QCOMPARE(source.policies().front().definition.name, "Mine");
        QVERIFY(!editor.isModified());
    }

    void addsAgainWhatSomebodyRemoved()
    {
        test::FakePolicies source;
        source.add({.id = "a", .type = "noop"});
        PolicyEditor editor(source);
        editor.openPolicy(u"a"_s);
        editor.setName(u"Mine"_s);
        QVERIFY(source.remove("a").hasValue());
        QVERIFY(editor.isOvertaken());
        editor.save();
        QVERIFY(source.policies().empty());
        editor.keepMine();
        QVERIFY(editor.isNew());
        editor.save();
        QCOMPARE(source.policies().front().definition.name, "Mine");
    }

    void keepsTheScope()
    {
        test::FakePolicies source;
        policy::Definition definition{.id = "a", .type = "noop"};
        definition.scope = {.models = {"claude-*", "gpt-*"}, .tools = {"Bash"}};
        source.add(definition);
        PolicyEditor editor(source);
        editor.openPolicy(u"a"_s);
        QCOMPARE(editor.scope(), u"models claude-* or gpt-*; tools Bash"_s);
        editor.setOnBlock(2);
        editor.setName(u"A"_s);
        editor.save();
        QCOMPARE(editor.problem(), QString());
        const policy::Definition saved = source.policies().front().definition;
        QCOMPARE(saved.onBlock, policy::OnBlock::Retry);
        QVERIFY(saved.scope == definition.scope);
    }

    void beginsEveryType_data()
    {
        QTest::addColumn<QString>("type");
        for (const policy::PolicyType& type : policy::builtin::registry())
            QTest::newRow(std::string(type.name).c_str()) << QString::fromStdString(std::string(type.name));
    }
    /// A new policy of any type is complete, or says what it still needs.
    void beginsEveryType()
    {
        QFETCH(QString, type);
        test::FakePolicies source;
        PolicyEditor editor(source);
        editor.openNew();
        editor.setType(type);
        QCOMPARE(editor.problem(), QString());
        for (int row = 0; row < editor.form()->rowCount(); ++row) {
            const QModelIndex at = editor.form()->index(row);
            QVERIFY(at.data(SchemaForm::KindRole).toInt() != SchemaForm::Json);
            QVERIFY2(at.data(SchemaForm::ProblemRole).toString().isEmpty(),
                     qPrintable(at.data(SchemaForm::LabelRole).toString()));
        }
        QVERIFY(editor.canSave());
    }

    void showsAScriptsErrorAtTheScript()
    {
        test::FakePolicies source;
        PolicyEditor editor(source);
        editor.openNew();
        editor.setType(u"javascript"_s);
        const int row = rowOf(*editor.form(), u"Script"_s);
        QCOMPARE(editor.form()->index(row).data(SchemaForm::KindRole).toInt(), int(SchemaForm::Script));
        QVERIFY(editor.form()->index(row).data(SchemaForm::TextRole).toString().contains(u"function onToolCall"_s));
        editor.save(); // there is nothing that runs scripts here, and the type says so
        QVERIFY(!editor.problem().isEmpty());
        QVERIFY(!editor.form()->index(row).data(SchemaForm::ProblemRole).toString().isEmpty());
        editor.form()->setText(row, {});
        QVERIFY(!editor.canSave());
    }

private:
    static void saveElsewhere(test::FakePolicies& source, const std::string& id)
    {
        for (const desktop::ListedPolicy& each : source.policies()) {
            if (each.definition.id != id)
                continue;
            policy::Definition theirs = each.definition;
            theirs.name = "Theirs";
            QVERIFY(source.save(theirs).hasValue());
        }
    }
    static int rowOf(const SchemaForm& form, const QString& label)
    {
        for (int row = 0; row < form.rowCount(); ++row)
            if (form.index(row).data(SchemaForm::LabelRole).toString() == label)
                return row;
        return -1;
    }
};

LUTHIEN_TEST(tst_policy_editor, TestPolicyEditor)
#include "tst_policy_editor.moc"
