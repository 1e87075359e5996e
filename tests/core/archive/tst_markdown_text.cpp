// SPDX-License-Identifier: Apache-2.0
#include "archive/markdown_text.h"
#include "support/test_registry.h"

using namespace luthien;

namespace {
std::string markdown(const QByteArray& text)
{
    std::string out;
    archive::appendMarkdown(out, text.toStdString());
    return out;
}
} // namespace

class TestMarkdownText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesAgain_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("written");
        const auto row = [](const char* name, const char* text, const char* written) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(written);
        };
        row("what is Markdown stays it", "# A\n*b* [c](d)", "# A\n*b* [c](d)\n");
        row("a picture is its text", "![x](http://e/y.png)", "!\\[x](http://e/y.png)\n");
        row("an escaped one stays escaped", "\\![x](y)", "\\!\\[x](y)\n");
        row("HTML is its text", "a <img src=x>", "a \\<img src=x>\n");
        row("code in a line stays", "use `Vec<T>` and ``a`b``", "use `Vec<T>` and ``a`b``\n");
        row("a backtick without its other end", "a ` b <i>", "a \\` b \\<i>\n");
        row("a span does not reach over lines", "`\n` ![x](u) `", "\\`\n` ![x](u) `\n");
        row("in a table nothing is code", "| ` | ![x](u) ` |", "| \\` | !\\[x](u) \\` |\n");
        row("a fence is one of ours", "```cpp\nint a;\n```\nb", "```cpp\nint a;\n```\n\nb\n");
        row("a fence in a list leaves it", "- a\n  ```\n  b\n  ```", "- a\n\n```\n  b\n```\n\n");
        row("a fence with waves", "~~~\n```\n~~~", "````\n```\n````\n\n");
        row("a fence without an end", "```\n<img>", "```\n<img>\n```\n\n");
        row("what the language may be", "```c<b>\nx\n```", "```c\nx\n```\n\n");
        row("what is not seen",
            "a\xE2\x80\xAE"
            "b\xff",
            "a\xE2\x80\xB9U+202E\xE2\x80\xBA"
            "b\xE2\x80\xB9"
            "0xFF\xE2\x80\xBA\n");
    }
    void writesAgain()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, written);
        QCOMPARE(QByteArray::fromStdString(markdown(text)), written);
    }

    void aPlainTextSaysNothingToARenderer()
    {
        std::string out;
        archive::appendPlainMarkdown(out, "*a* ![b](c)\n# <d> `e` | ~f~");
        QCOMPARE(QByteArray::fromStdString(out), QByteArray("\\*a\\* \\!\\[b\\](c) \\# \\<d\\> \\`e\\` \\| \\~f\\~"));
    }

    void nothingEndsAFence()
    {
        std::string out;
        archive::appendFence(out, "a\n`````\nb", "json");
        QCOMPARE(QByteArray::fromStdString(out), QByteArray("``````json\na\n`````\nb\n``````\n\n"));
    }
};

LUTHIEN_TEST(tst_markdown_text, TestMarkdownText)
#include "tst_markdown_text.moc"
