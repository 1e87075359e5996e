// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "policy/approval_suggestions.h"
#include "support/test_registry.h"

#include <boost/json.hpp>

using namespace luthien;
using namespace luthien::policy;

namespace {

/// Whether a rule for the pattern that is suggested first for one command applies to another.
bool firstSuggestionCovers(const char* member, const QByteArray& asked, const QByteArray& other)
{
    const boost::json::value first{{member, asked.toStdString()}};
    const std::string text = boost::json::serialize(first);
    ApprovalRule rule{.scope = ApprovalScope::Pattern, .tool = "T"};
    const auto suggested = suggestedPatterns({.tool = "T", .arguments = &first, .text = text});
    if (suggested.empty())
        return false;
    rule.pattern = suggested.front();
    const boost::json::value second{{member, other.toStdString()}};
    const std::string otherText = boost::json::serialize(second);
    return (*predicateOf(rule))({.tool = "T", .arguments = &second, .text = otherText});
}

class TestApprovalSuggestions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void coversWhatIsMeantAndNoMore_data()
    {
        QTest::addColumn<QByteArray>("member");
        QTest::addColumn<QByteArray>("asked");
        QTest::addColumn<QByteArray>("other");
        QTest::addColumn<bool>("covered");
        const auto row = [](const char* name, const char* member, const char* asked, const char* other, bool covered) {
            QTest::newRow(name) << QByteArray(member) << QByteArray(asked) << QByteArray(other) << covered;
        };
        row("the same subcommand", "command", "git status --short", "git status src/a.cpp", true);
        row("the subcommand alone", "command", "git status --short", "git status", true);
        row("another subcommand", "command", "git status", "git push", false);
        row("a longer word", "command", "git status", "git status-all", false);
        row("a second command", "command", "git status", "git status; rm -rf /", false);
        row("a second line", "command", "git status", "git status\nrm -rf /", false);
        row("a pipe", "command", "git status", "git status | sh", false);
        row("a background command", "command", "git status", "git status & rm x", false);
        row("a substitution", "command", "git status", "git status $(rm x)", false);
        row("an old substitution", "command", "git status", "git status `rm x`", false);
        row("a redirection", "command", "git status", "git status > /etc/passwd", false);
        row("braces", "command", "git status", "git status {a,b}", false);
        row("characters that are not seen", "command", "git status", "git status \xe2\x80\xae", false);
        row("a tab", "command", "git status", "git status\trm", false);
        row("options before the subcommand: only this", "command", "git -c x=y status", "git -c x=z status", false);
        row("an option that writes a file", "command", "git log -1", "git log --output=/root/.bashrc --format=evil",
            false);
        row("its own option with other words", "command", "git log -1", "git log -1 src/a.cpp HEAD", true);
        row("an option that forces", "command", "git push origin main", "git push --force origin main", false);
        row("a short option behind the words", "command", "git push origin main", "git push origin main -f", false);
        row("a branch that is forced", "command", "git push origin main", "git push origin +main", false);
        row("a branch that is deleted", "command", "git push origin main", "git push origin :main", false);
        row("another branch", "command", "git push origin main", "git push origin topic", true);
        row("a variable", "command", "make all", "make all SHELL=/tmp/x", false);
        row("a value that goes with its option", "command", "git log --output a.txt", "git log src --output a.txt",
            true);
        row("another value of the option", "command", "git log --output a.txt", "git log --output b.txt", false);
        row("another value behind an equals sign", "command", "git log --output=a.txt", "git log --output=b.txt",
            false);
        row("a longer option", "command", "git log -n", "git log -nx", false);
        row("words in quotes: only this", "command", "git log --format='a b'", "git log b'", false);
        row("a program that only looks", "command", "ls -l", "ls -l src", true);
        row("a program that does more: only this", "command", "rm a", "rm b", false);
        row("the very same", "command", "rm a", "rm a", true);
        row("a command that is not simple: only this", "command", "git log && git push", "git log && git pull", false);
        row("stars stand for themselves", "command", "rm *.o", "rm x.o", false);
        row("a file of the folder", "file_path", "/src/a.cpp", "/src/b.cpp", true);
        row("a deeper folder", "file_path", "/src/a.cpp", "/src/x/b.cpp", false);
        row("out of the folder", "file_path", "/src/a.cpp", "/src/../etc/passwd", false);
        row("the folder above", "file_path", "/src/a.cpp", "/src/..", false);
        row("a file of the root: only this", "file_path", "/a", "/b", false);
        row("the same host", "url", "https://example.com/a", "https://example.com/b?c", true);
        row("a host that begins so", "url", "https://example.com/a", "https://example.com.evil/a", false);
        row("a user that looks like the host", "url", "https://example.com/a", "https://example.com@evil/a", false);
        row("a port", "url", "https://example.com/a", "https://example.com:1/a", false);
        row("an address with a user: only this", "url", "https://a@example.com/", "https://a@example.com/x", false);
        row("another scheme", "url", "https://example.com/", "http://example.com/", false);
        row("an argument we know nothing about: only this", "note", "a", "b", false);
        row("and it is covered", "note", "a", "a", true);
    }
    void coversWhatIsMeantAndNoMore()
    {
        QFETCH(QByteArray, member);
        QFETCH(QByteArray, asked);
        QFETCH(QByteArray, other);
        QFETCH(bool, covered);
        QVERIFY(firstSuggestionCovers(member.constData(), asked, asked));
        QCOMPARE(firstSuggestionCovers(member.constData(), asked, other), covered);
    }

    void saysWhatAPatternMeans()
    {
        const auto arguments = *parseStrictJson(R"({"command":"git status -s"})");
        const auto suggested =
            suggestedPatterns({.tool = "Bash", .arguments = &arguments, .text = R"({"command":"git status -s"})"});
        QCOMPARE(suggested.size(), std::size_t(3));
        QVERIFY(suggested[0].title == "Simple commands that begin with git status, no options but -s");
        QVERIFY(suggested[1].title == "Exactly git status -s" && suggested[1].text == "git status -s");
        QVERIFY(suggested[2].title == "Exactly these arguments" && !suggested[2].pointer);
    }

    void suggestsNothingForWhatIsTooLong()
    {
        const std::string text(100'000, 'x');
        QVERIFY(suggestedPatterns({.tool = "exec", .text = text}).empty());
        QCOMPARE(suggestedPatterns({.tool = "exec", .text = "ls"}).size(), std::size_t(1));
    }
};

} // namespace

LUTHIEN_TEST(tst_approval_suggestions, TestApprovalSuggestions)
#include "tst_approval_suggestions.moc"
