// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/shell_words.h"
#include "support/test_registry.h"

#include <QtTest>

namespace luthien::guard {

class TestShellOutput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsWhatTheLastCommandIsFedWith_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* text, const char* expected) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(expected);
        };
        row("echo a 'b c' | x", "a b c");
        row("echo -n a | x", "a");
        row("echo -e 'a\\nb' | x", "a\nb");
        row("echo 'a\\nb' | x", "a\\nb");
        row("printf 'a %s;\\n' b | x", "a b;\n");
        row("printf '%s' a b | x", "a\nb");
        row("printf '100%%' | x", "100%");
        row("cat <<E | x\na\nE\n", "a\n");
        row("echo a | cat | tee f | x", "a");
        row("{ echo a; echo b; } | x", "a\nb");
        row("sudo echo a | timeout 5 cat | x", "a");
        row("echo a > ./f; cat f | x", "a");
        row("echo a > f; echo b >> f; cat < f | x", "a\nb");
        row("echo a | tee f g; cat < g | x", "a");
        row("(echo a; echo b) > f; cat f | x", "a\nb");
        row("echo a > f; cat f >> f; cat f | x", "a\na");
        row("cat <(echo a) <(echo b) | x", "a\nb");
        row("echo a > f; echo b | tee f | x", "b");
        row("curl y | x", "");
        row("cat f | x", "");
        row("printf | x", "");
    }
    void knowsWhatTheLastCommandIsFedWith()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const ShellScript script = readShell(MappedText::identity(test::view(text)));
        const std::optional<MappedText> output = knownOutput(script, script.commands.back().fedBy);
        QVERIFY(output);
        QCOMPARE(test::bytes(output->text()), expected);
    }

    void takesTheProgramFromItsPath()
    {
        QCOMPARE(programName("/usr/bin/psql"), std::string_view("psql"));
        QCOMPARE(programName("psql.exe"), std::string_view("psql"));
        QCOMPARE(programName(""), std::string_view(""));
    }
};

} // namespace luthien::guard

using TestShellOutput = luthien::guard::TestShellOutput;
LUTHIEN_TEST(tst_shell_output, TestShellOutput)
#include "tst_shell_output.moc"
