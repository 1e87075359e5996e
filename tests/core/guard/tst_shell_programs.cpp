// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/shell_programs.h"
#include "support/test_registry.h"

#include <QtTest>

namespace luthien::guard {

class TestShellPrograms : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsWhatProgramsDoWithTheirWords()
    {
        QCOMPARE(programKind("psql"), ProgramKind::SqlClient);
        QCOMPARE(programKind("bash"), ProgramKind::Shell);
        QCOMPARE(programKind("python3.12"), ProgramKind::Interpreter);
        QCOMPARE(programKind("sudo"), ProgramKind::Wrapper);
        QCOMPARE(programKind("ssh"), ProgramKind::RemoteShell);
        QCOMPARE(programKind("grep"), ProgramKind::Other);
        QCOMPARE(programKind(""), ProgramKind::Other);
    }

    void knowsToolsThatDestroy_data()
    {
        QTest::addColumn<bool>("destroys");
        for (const char* text :
             {"dropdb shop", "/usr/bin/dropdb -U x shop", "mysqladmin -u root drop shop", "rails db:drop",
              "bin/rails db:reset", "python manage.py flush", "./manage.py flush", "php artisan db:wipe",
              "alembic downgrade base", "pg_restore --clean x", "flyway clean"})
            QTest::newRow(text) << true;
        for (const char* text : {"dropdb --help", "mysqladmin status", "rails db:migrate", "grep db:drop rails",
                                 "echo dropdb shop", "rails", "pg_restore x", "alembic upgrade head", "man dropdb"})
            QTest::newRow(text) << false;
    }
    void knowsToolsThatDestroy()
    {
        QFETCH(bool, destroys);
        const ShellScript script = readShell(MappedText::identity(QTest::currentDataTag()));
        QCOMPARE(destructiveTool(script.commands.at(0).words).has_value(), destroys);
    }
};

} // namespace luthien::guard

using TestShellPrograms = luthien::guard::TestShellPrograms;
LUTHIEN_TEST(tst_shell_programs, TestShellPrograms)
#include "tst_shell_programs.moc"
