/**
 * Runs in the head of every page, before anything is drawn, and again when another tab chooses. It stands in the page
 * because a file would come too late; it is one constant text, so that a content security policy can allow it by hash.
 */
export const themeScript =
  "(function(){var d=document.documentElement;function a(t){if(t==='light'||t==='dark')d.dataset.theme=t;else delete d.dataset.theme}try{a(localStorage.getItem('flux-theme'))}catch(e){}addEventListener('storage',function(e){if(e.key==='flux-theme')a(e.newValue)})})()"
