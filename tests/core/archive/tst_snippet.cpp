// SPDX-License-Identifier: Apache-2.0
#include "archive/snippet.h"
#include "support/test_registry.h"

#include <QtTest>

namespace luthien::archive {

namespace {
std::string repeated(std::string_view words, int times)
{
    std::string all;
    for (int i = 0; i < times; ++i)
        all += words;
    return all;
}

filter::TextSpan spanOf(std::string_view text, std::string_view words)
{
    const std::size_t begin = text.find(words);
    return {begin, begin + words.size()};
}
} // namespace

class TestSnippet : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isCutBetweenWords()
    {
        const std::string text = repeated("before ", 40) + "FOUND" + repeated(" behind", 60);
        const Snippet snippet = cutSnippet(text, {spanOf(text, "FOUND")});
        QVERIFY(snippet.isCutBefore && snippet.isCutBehind);
        QVERIFY2(snippet.text.starts_with("before before") && snippet.text.ends_with("behind behind"),
                 snippet.text.c_str());
        QVERIFY(snippet.text.size() > 150 && snippet.text.size() <= 200);
        QCOMPARE(snippet.text.substr(snippet.matched.at(0).begin, 5), std::string("FOUND"));
    }

    void aShortTextIsWhole()
    {
        const Snippet snippet = cutSnippet("to drop the table", {{3, 7}});
        QCOMPARE(snippet.text, std::string("to drop the table"));
        QVERIFY(!snippet.isCutBefore && !snippet.isCutBehind);
    }

    void whatHasNoWordsIsCutBetweenCharacters()
    {
        const std::string text = repeated("ö", 100) + "x" + repeated("ß", 300);
        const Snippet snippet = cutSnippet(text, {spanOf(text, "x")});
        QVERIFY2(QString::fromStdString(snippet.text).count(QChar::ReplacementCharacter) == 0, snippet.text.c_str());
        QCOMPARE(snippet.text.at(snippet.matched.at(0).begin), 'x');
    }

    void aLongMatchIsShownInPart()
    {
        const std::string text = repeated("a", 100) + " " + repeated("b", 1000);
        const Snippet snippet = cutSnippet(text, {spanOf(text, repeated("b", 1000))});
        QVERIFY(snippet.text.size() < 300);
        QCOMPARE(snippet.matched.at(0).end, snippet.text.size());
        QVERIFY(snippet.isCutBehind);
    }

    /// Wherever the words stand, they are in the snippet, and nothing is read beyond the text.
    void theFirstWordsAreAlwaysThere()
    {
        const std::string text = repeated("one  two\n\nthree—four ", 30);
        for (std::size_t at = 0; at + 3 <= text.size(); ++at) {
            const Snippet snippet = cutSnippet(text, {{at, at + 3}});
            QCOMPARE(snippet.text.substr(snippet.matched.at(0).begin, 3), text.substr(at, 3));
        }
    }
};

} // namespace luthien::archive

using luthien::archive::TestSnippet;
LUTHIEN_TEST(tst_snippet, TestSnippet)
#include "tst_snippet.moc"
