" Vim: `:compiler replykit`, then `:make` checks the file and `:copen` lists what was found.
" Put this file at ~/.vim/compiler/replykit.vim.
if exists("current_compiler")
  finish
endif
let current_compiler = "replykit"

CompilerSet makeprg=replykit\ lint\ --quiet\ --no-color\ --format\ text\ %:S
" A finding; what is indented below it shows the line, which the editor has; a fault of the call.
" %v, not %c: columns count letters, and a Finnish letter may be two bytes.
CompilerSet errorformat=%-G\ \ \ \ %.%#
CompilerSet errorformat+=%f:%l:%v:\ %trror\ %m
CompilerSet errorformat+=%f:%l:%v:\ %tarning\ %m
CompilerSet errorformat+=%f:%l:%v:\ suggestion\ %m
CompilerSet errorformat+=replykit:\ %m
CompilerSet errorformat+=%-G%.%#
